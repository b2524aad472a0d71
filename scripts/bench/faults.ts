import { catalogue } from '../../harness/cli/catalogue.ts';
import { messageOf } from '../../harness/model/errors.ts';
import type { Fault } from '../../harness/model/fault.ts';
import { named } from '../../harness/run/index.ts';
import { isQuick } from '../crash-matrix/trials.ts';
import { onBenchClusters } from './bench-cluster.ts';
import type { Bench, BenchContext } from './bench.ts';
import { faultTimes } from './fault-times.ts';
import type { Figure } from './figure.ts';
import { lightRun } from './light-run.ts';

/** What was measured of one fault, in milliseconds. */
interface Measured {
  readonly first: number[];
  readonly last: number[];
  /** Why it was not felt, the last time that it was not. */
  because: string;
  /** A fault that cannot run on one of these clusters can run on none. */
  skipped: boolean;
}

/** Of each quick fault, how long until it is felt and until it is gone: all faults in turn, then all again. */
export const benchFaults: Bench = (context) =>
  onBenchClusters(context, context.clusters, async (clusters) => {
    const faults = context.faults?.map((name) => named('fault', name, catalogue.faults));
    const measured = new Map<Fault, Measured>();
    for (const fault of faults ?? catalogue.faults.filter(isQuick))
      measured.set(fault, { first: [], last: [], because: '', skipped: false });
    const rounds = Array.from({ length: context.times ?? 3 }, (_, at) => at + 1);
    const queue = rounds.flatMap((seed) => [...measured].map(([fault, into]) => ({ fault, into, seed })));
    const take = async (cluster: string): Promise<void> => {
      for (let next = queue.shift(); next !== undefined && !context.signal.aborted; next = queue.shift())
        if (!next.into.skipped) await measureOnce(next.fault, next.seed, cluster, next.into, context);
    };
    await Promise.all(clusters.map(take));
    return [...measured].flatMap(([fault, into]) => figuresOf(fault, into));
  });

async function measureOnce(
  fault: Fault,
  seed: number,
  cluster: string,
  into: Measured,
  { signal, say }: BenchContext,
): Promise<void> {
  try {
    const { report, events } = await lightRun({ fault, cluster, seed, signal });
    const { toFirstEffectMs, toLastEffectMs } = faultTimes(events);
    if (toFirstEffectMs !== null) into.first.push(toFirstEffectMs);
    if (toLastEffectMs !== null) into.last.push(toLastEffectMs);
    // No promise is judged here; only what kept a fault from being felt is worth a word.
    if (toFirstEffectMs === null) into.because = report.because.split(';')[0] ?? '';
    into.skipped = report.outcome === 'skipped';
  } catch (error) {
    into.because = messageOf(error);
  }
  const why = into.because === '' ? '' : `; ${into.because}`;
  say(`${fault.name}, round ${String(seed)}: felt ${String(into.first.length)} times${why}`);
}

function figuresOf({ name }: Fault, { first, last, because }: Measured): readonly Figure[] {
  const note = because.slice(0, 80);
  return [
    { name: `${name}: order to inject until felt`, unit: 'ms', values: first, note },
    { name: `${name}: order to heal until gone`, unit: 'ms', values: last },
  ];
}
