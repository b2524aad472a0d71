import type { Place } from '../../harness/model/cluster.ts';
import { CleanupStack } from '../../harness/util/cleanup.ts';
import { exec, prefixed } from '../../harness/util/exec.ts';

/** Two machines and the cable between them: network namespaces with a veth pair and no way out. */
export interface Lab {
  readonly client: Place;
  readonly server: Place;
  /** Drops everything between them, at the client's side. @returns when, on the wall clock, it took hold at the earliest and the latest */
  cut(): Promise<Moment>;
  mend(): Promise<Moment>;
  remove(): Promise<readonly string[]>;
}

export interface Moment {
  readonly earliestMs: number;
  readonly latestMs: number;
}

const link = 'cable';
const table = 'inet planted_outage';
const rules = `table ${table} {
  chain out { type filter hook output priority 0; oifname "${link}" drop; }
  chain in { type filter hook input priority 0; iifname "${link}" drop; }
}`;

export async function makeLab(name: string, programs: { readonly ip: string; readonly nft: string }): Promise<Lab> {
  const cleanup = new CleanupStack();
  const { ip, nft } = programs;
  const station = async (role: string, address: string): Promise<Place> => {
    const netns = `${name}-${role}`;
    await exec([ip, 'netns', 'add', netns]);
    cleanup.push(`namespace ${netns}`, async () => {
      await exec([ip, 'netns', 'delete', netns]);
    });
    await exec([ip, '-n', netns, 'link', 'set', 'lo', 'up']);
    return { ...prefixed(netns, () => [ip, 'netns', 'exec', netns]), address };
  };
  try {
    const client = await station('client', '198.18.0.1');
    const server = await station('server', '198.18.0.2');
    await exec([
      ip,
      '-n',
      client.name,
      'link',
      'add',
      link,
      'type',
      'veth',
      'peer',
      'name',
      link,
      'netns',
      server.name,
    ]);
    for (const { name: netns, address } of [client, server]) {
      await exec([ip, '-n', netns, 'address', 'add', `${address}/24`, 'dev', link]);
      await exec([ip, '-n', netns, 'link', 'set', link, 'up']);
    }
    const timed = async (argv: readonly string[], input?: string): Promise<Moment> => {
      const earliestMs = Date.now();
      await client.exec(argv, input === undefined ? {} : { input });
      return { earliestMs, latestMs: Date.now() + 1 };
    };
    return {
      client,
      server,
      cut: () => timed([nft, '-f', '-'], rules),
      mend: () => timed([nft, 'delete', 'table', ...table.split(' ')]),
      remove: () => cleanup.unwind(),
    };
  } catch (error) {
    await cleanup.unwind();
    throw error;
  }
}
