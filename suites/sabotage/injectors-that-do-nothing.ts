import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import type { Cluster } from '../../harness/model/cluster.ts';
import type { Fault } from '../../harness/model/fault.ts';
import type { FaultRecord } from '../../harness/model/report.ts';
import type { FaultStep, Scenario } from '../../harness/model/scenario.ts';
import { conclude } from '../../harness/run/conclude.ts';
import { InjectStep } from '../../harness/run/inject-step.ts';
import { realInstruments } from '../../harness/run/instruments.ts';
import { seeded } from '../../harness/util/random.ts';
import { withoutInjecting } from './planted/no-op.ts';
import { describeOnOneCluster } from './planted/shared-cluster.ts';
import { StoredRun } from './planted/stored-run.ts';

const stepOf = ({ name, minimumHoldMs, example }: Fault): FaultStep => ({
  fault: name,
  params: example ?? {},
  from: '0s',
  hold: `${Math.max(3_000, minimumHoldMs)}ms`,
});
const scenario: Scenario = {
  name: 'injectors-that-do-nothing',
  summary: 'Every fault of the catalogue with an injector that does nothing: none may be taken for felt.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/three-zones.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 25, timeout: '1s', modes: ['new'] },
  faults: catalogue.faults.map(stepOf),
  guarantees: [],
  recoverWithin: '5s',
};
const observer = { phase: () => undefined, note: () => undefined, progress: () => undefined };

export const planted = describeOnOneCluster(
  'an injector that does nothing is not taken for felt',
  scenario.cluster,
  (cluster) => {
    if (typeof globalThis.describe === 'function') itNoticesEach(cluster);
    return [{ scenario, outcome: 'unknown', findings: [] }];
  },
);

/** Nothing is injected, so that nothing gets in another's way; two cores have time for this many proofs at once. */
const sideBySide = 6;

function itNoticesEach(name: string): void {
  const found = new Map<string, InjectStep | Error>();
  let run: StoredRun | undefined;
  before('deploys the workload, and lets each fault look in vain for its effect', async () => {
    const [provider] = catalogue.providers;
    const cluster = await provider!.attach(name);
    const signal = AbortSignal.timeout(110_000);
    await realInstruments.deploy({ scenario, cluster, catalogue, observer, signal, runId: name });
    run = new StoredRun(scenario, cluster);
    const waiting = [...catalogue.faults.entries()];
    const worker = async (stored: StoredRun): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [index, fault] = next;
        found.set(fault.name, await looksInVain(index, fault, cluster, stored));
      }
    };
    await Promise.all(Array.from({ length: sideBySide }, () => worker(run!)));
  });
  after('stores what the victims said', () => run?.end());

  for (const fault of catalogue.faults) {
    it(fault.name, () => {
      const step = found.get(fault.name);
      if (!(step instanceof InjectStep)) throw step ?? new Error(`${fault.name} was not reached`);
      run?.add(step.record);
      const { active, gone } = step.record;
      expect(active.proved, active.evidence).to.equal(false);
      expect(gone.proved, gone.evidence).to.equal(true);
      expect(outcomeWith(step.record)).to.equal('unknown');
    });
  }
}

/** @returns the step when it is over, or what stopped it */
async function looksInVain(
  index: number,
  fault: Fault,
  cluster: Cluster,
  { clock, journal, record }: StoredRun,
): Promise<InjectStep | Error> {
  const random = seeded(scenario.seed);
  const environment = { cluster, clock, random, journal, observer, record, busy: new Map<string, string>() };
  const mark = `nop_${String(index)}`;
  const step = new InjectStep(index, withoutInjecting(fault), stepOf(fault), environment, mark);
  try {
    await step.run(AbortSignal.timeout(90_000));
    return step;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** What a run comes to in which everything but this fault was in order. */
function outcomeWith(fault: FaultRecord): string {
  const held = {
    spec: { guarantee: 'x', params: {} },
    promise: 'x',
    verdict: { status: 'held', measured: 'x', figures: [] },
  } as const;
  const fingerprint = { compared: [], differences: [] };
  return conclude({ guarantees: [held], faults: [fault], wanted: 1, fingerprint, left: [], stopped: null }).outcome;
}
