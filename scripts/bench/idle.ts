import { join } from 'node:path';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { runsDirectory } from '../../harness/util/paths.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { named, runScenario } from '../../harness/run/index.ts';
import { leashDefaults } from '../../harness/run/leash.ts';
import { nothing } from '../../suites/self/nothing.ts';
import { onBenchCluster } from './bench-cluster.ts';
import type { Bench, BenchContext } from './bench.ts';
import type { Figure } from './figure.ts';
import { lightRun } from './light-run.ts';
import { harnessUsage, percentOf, processesWith, readUsage } from './process-cost.ts';

const quietSeconds = 30;
/** Three nodes of nine, each with a leash of its own. */
const heldFault = 'az-partition';

/** What the harness costs: while a fault is held and nothing else happens, and under load when nothing is done. */
export const benchIdle: Bench = (context) =>
  onBenchCluster(context, async (cluster) => [
    ...(await heldCost(cluster, context)),
    ...(await quietCost(cluster, context)),
  ]);

/** From the proof that the fault is felt to its heal: only the leashes are renewed. */
async function heldCost(cluster: string, { times, signal, say }: BenchContext): Promise<readonly Figure[]> {
  const costs: HeldCost[] = [];
  const inner = named('fault', heldFault, catalogue.faults);
  let began: Look | null = null;
  const fault: typeof inner = {
    ...inner,
    proveActive: async (context, plan) => {
      const evidence = await inner.proveActive(context, plan);
      began = lookAt(cluster);
      return evidence;
    },
    heal: async (context, plan) => {
      if (began !== null) costs.push(costBetween(began, lookAt(cluster)));
      began = null;
      await inner.heal(context, plan);
    },
  };
  for (let n = 1; n <= (times ?? 1) && !signal.aborted; n += 1) {
    const { report } = await lightRun({ fault, cluster, seed: n, holdMs: quietSeconds * 1_000, signal });
    say(`idle, ${heldFault} held: ${report.faults[0]?.active.evidence ?? report.because}`);
  }
  const note = `${heldFault} held for ${String(quietSeconds)} s; of one core`;
  const leashes = `${String(costs[0]?.leashes ?? 0)} leashes together`;
  const of = (value: (cost: HeldCost) => number): readonly number[] => costs.map(value);
  return [
    { name: 'held: CPU of the harness itself', unit: 'percent', values: of(({ own }) => own), note },
    { name: 'held: CPU of its renewals', unit: 'percent', values: of(({ renewals }) => renewals), note: leashes },
    { name: 'held: CPU of the leashes', unit: 'percent', values: of(({ watching }) => watching), note: leashes },
    { name: 'held: memory of the harness', unit: 'MiB', values: of(({ ownMib }) => ownMib), note: 'resident' },
    { name: 'held: memory of the leashes', unit: 'MiB', values: of(({ leashesMib }) => leashesMib), note: leashes },
  ];
}

interface Look {
  readonly atMs: number;
  readonly own: ReturnType<typeof readUsage>;
  readonly leashes: ReadonlyMap<string, ReturnType<typeof readUsage>>;
}

interface HeldCost {
  readonly own: number;
  readonly renewals: number;
  readonly watching: number;
  readonly ownMib: number;
  readonly leashesMib: number;
  readonly leashes: number;
}

/** The nodes' processes are processes of this machine, too. */
function lookAt(cluster: string): Look {
  const watchdogs = processesWith(`watchdog ${leashDefaults.folder}/${cluster}-`);
  const leashes = new Map(watchdogs.map((pid) => [pid, readUsage(pid)]));
  return { atMs: performance.now(), own: harnessUsage(), leashes };
}

/** @throws HarnessError `bug` when the leashes are not the same ones, or there are none */
function costBetween(before: Look, after: Look): HeldCost {
  const same = [...before.leashes.keys()].every((pid) => after.leashes.has(pid));
  if (before.leashes.size === 0 || !same)
    throw new HarnessError('bug', `${String(before.leashes.size)} leashes were found first, then others`);
  const overMs = after.atMs - before.atMs;
  const all = (usages: Look['leashes'], of: (usage: ReturnType<typeof readUsage>) => number): number =>
    [...usages.values()].reduce((sum, usage) => sum + of(usage), 0);
  const used = (look: Look): number => all(look.leashes, ({ ownMs, childrenMs }) => ownMs + childrenMs);
  return {
    own: percentOf(after.own.ownMs - before.own.ownMs, overMs),
    renewals: percentOf(after.own.childrenMs - before.own.childrenMs, overMs),
    watching: percentOf(used(after) - used(before), overMs),
    ownMib: after.own.residentMib,
    leashesMib: all(after.leashes, ({ residentMib }) => residentMib),
    leashes: before.leashes.size,
  };
}

/** Of one core: this process (recorder, judges) and its children (k6, what asks the nodes), over a quiet run. */
async function quietCost(cluster: string, { signal, say }: BenchContext): Promise<readonly Figure[]> {
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
  const before = harnessUsage();
  let held: { readonly own: number; readonly atMs: number } | null = null;
  const observer = {
    phase: (phase: string) => {
      if (phase === 'faults') held = { own: harnessUsage().ownMs, atMs: performance.now() };
      if (phase === 'recover' && held !== null)
        own.push(percentOf(harnessUsage().ownMs - held.own, performance.now() - held.atMs));
    },
    note: () => undefined,
    progress: () => undefined,
  };
  const own: number[] = [];
  const options = { cluster, runsDirectory: join(runsDirectory(), 'bench'), observer, signal };
  const { report } = await runScenario(scenario, { ...catalogue, faults: [nothing], reporters: [] }, options);
  const load = report.phases.filter(({ name }) => ['load', 'steady', 'faults', 'recover', 'drain'].includes(name));
  const loadMs = load.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  say(`idle, under load: ${report.outcome}: ${report.because}`);
  return [
    {
      name: 'under load, nothing done: CPU of the harness itself',
      unit: 'percent',
      values: own,
      note: 'of one core; 25 requests/s on each path and mode',
    },
    {
      name: 'under load, nothing done: CPU of k6 and of the commands on the nodes',
      unit: 'percent',
      values: [percentOf(harnessUsage().childrenMs - before.childrenMs, loadMs)],
      note: 'of one core, deployment and fingerprints included',
    },
  ];
}
