import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { root, runsDirectory } from '../../harness/util/paths.ts';
import { messageOf } from '../../harness/model/errors.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { runScenario } from '../../harness/run/index.ts';
import { nothing } from '../../suites/self/nothing.ts';
import { withClusters } from '../with-clusters.ts';
import type { Bench, BenchContext } from './bench.ts';
import { faultTimes } from './fault-times.ts';
import type { Figure } from './figure.ts';
import { lightRun } from './light-run.ts';

/** Longer faults take minutes to be felt: not here. */
const quickMs = 5_000;
const quietSeconds = 30;

/** Of each quick fault, how long until it is felt and until it is gone; and what the harness costs when nothing happens. */
export const benchFaults: Bench = (context) => {
  const config = join(root, 'kind-configs/three-zones.yaml');
  return withClusters({ given: null, count: 1, prefix: 'bench', config }, context.signal, async (clusters) => {
    const measured = await Promise.all(clusters.map(({ facts }) => measureOn(facts.name, context)));
    return measured.flat();
  });
};

async function measureOn(name: string, context: BenchContext): Promise<readonly Figure[]> {
  const figures: Figure[] = [...(await idleCost(name, context))];
  for (const fault of catalogue.faults.filter(({ minimumHoldMs }) => minimumHoldMs <= quickMs)) {
    if (context.signal.aborted) break;
    figures.push(...(await timesOf(fault, name, context)));
  }
  return figures;
}

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
      const { report, events } = await lightRun(fault, cluster, n, signal);
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

/** Of one core: this process (recorder, judges) and its children (k6, what asks the nodes), over a quiet run. */
async function idleCost(cluster: string, { signal, say }: BenchContext): Promise<readonly Figure[]> {
  const scenario: Scenario = {
    name: 'idle-cost',
    summary: 'A steady cluster to which nothing is done.',
    seed: 1,
    cluster: { provider: 'local', config: 'kind-configs/three-zones.yaml', etcd: 'own' },
    workloads: [{ workload: 'web', options: {} }],
    load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
    faults: [during('nothing', {}, { from: '1s', hold: `${quietSeconds}s` })],
    guarantees: [],
    recoverWithin: '1s',
  };
  const before = cpuMs();
  let held: { readonly own: number; readonly atMs: number } | null = null;
  const observer = {
    phase: (phase: string) => {
      if (phase === 'faults') held = { own: cpuMs().own, atMs: performance.now() };
      if (phase === 'recover' && held !== null)
        own.push(((cpuMs().own - held.own) / (performance.now() - held.atMs)) * 100);
    },
    note: () => undefined,
    progress: () => undefined,
  };
  const own: number[] = [];
  const options = { cluster, runsDirectory: join(runsDirectory(), 'bench'), observer, signal };
  const { report } = await runScenario(scenario, { ...catalogue, faults: [nothing], reporters: [] }, options);
  const load = report.phases.filter(({ name }) => ['load', 'steady', 'faults', 'recover', 'drain'].includes(name));
  const loadMs = load.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  say(`idle cost: ${report.outcome}: ${report.because}`);
  return [
    {
      name: 'idle: CPU of the harness itself',
      unit: 'percent',
      values: own,
      note: 'of one core; 25 requests/s on each path and mode',
    },
    {
      name: 'idle: CPU of k6 and of the commands on the nodes',
      unit: 'percent',
      values: [((cpuMs().children - before.children) / loadMs) * 100],
      note: 'of one core, deployment and fingerprints included',
    },
  ];
}

/** Clock ticks are 10 ms on Linux (USER_HZ is 100). Fields 14 to 17 of /proc/self/stat: own and reaped children's time. */
function cpuMs(): { readonly own: number; readonly children: number } {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15);
  return { own: (user + system) * 10, children: (childrenUser + childrenSystem) * 10 };
}
