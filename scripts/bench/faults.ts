import { catalogue } from '../../harness/cli/catalogue.ts';
import { messageOf } from '../../harness/model/errors.ts';
import { named } from '../../harness/run/index.ts';
import { isQuick } from '../crash-matrix/trials.ts';
import { onBenchCluster } from './bench-cluster.ts';
import type { Bench, BenchContext } from './bench.ts';
import { faultTimes } from './fault-times.ts';
import type { Figure } from './figure.ts';
import { lightRun } from './light-run.ts';

/** Of each quick fault, how long until it is felt and until it is gone. */
export const benchFaults: Bench = (context) =>
  onBenchCluster(context, async (cluster) => {
    const figures: Figure[] = [];
    const given = context.faults?.map((name) => named('fault', name, catalogue.faults));
    const faults = given ?? catalogue.faults.filter(isQuick);
    for (const fault of faults) {
      if (context.signal.aborted) break;
      figures.push(...(await timesOf(fault, cluster, context)));
    }
    return figures;
  });

async function timesOf(
  fault: (typeof catalogue.faults)[number],
  cluster: string,
  { times, signal, say }: BenchContext,
): Promise<readonly Figure[]> {
  const first: number[] = [];
  const last: number[] = [];
  let because = '';
  for (let n = 1; n <= (times ?? 3) && !signal.aborted; n += 1) {
    try {
      const { report, events } = await lightRun({ fault, cluster, seed: n, signal });
      const { toFirstEffectMs, toLastEffectMs } = faultTimes(events);
      if (toFirstEffectMs !== null) first.push(toFirstEffectMs);
      if (toLastEffectMs !== null) last.push(toLastEffectMs);
      // No promise is judged here; only what kept a fault from being felt is worth a word.
      if (toFirstEffectMs === null) because = report.because.split(';')[0] ?? '';
      if (report.outcome === 'skipped') break;
    } catch (error) {
      because = messageOf(error);
    }
  }
  say(`${fault.name}: felt ${String(first.length)} times${because === '' ? '' : `; ${because}`}`);
  const note = first.length > 0 ? '' : because.slice(0, 80);
  return [
    { name: `${fault.name}: order to inject until felt`, unit: 'ms', values: first, note },
    { name: `${fault.name}: order to heal until gone`, unit: 'ms', values: last },
  ];
}
