import type { Cluster } from '../model/cluster.ts';
import { HarnessError } from '../model/errors.ts';

/** The cluster that a command is about: the one named, or the only one there is. @throws HarnessError `bad-input` | `unknown-name` */
export async function clusterName(named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const { localProvider } = await import('../cluster/local/index.ts');
  const known = await localProvider().list();
  const [only, ...others] = known;
  if (only === undefined)
    throw new HarnessError('unknown-name', 'No cluster is running on this machine', { hint: 'shakedown up' });
  if (others.length > 0)
    throw new HarnessError(
      'bad-input',
      `${String(known.length)} clusters are running; expected the name of one of ${known.join(', ')}`,
    );
  return only;
}

export async function attachTo(named: string | undefined): Promise<Cluster> {
  const { localProvider } = await import('../cluster/local/index.ts');
  return localProvider().attach(await clusterName(named));
}
