import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import type { Cluster } from '../../harness/model/cluster.ts';
import type { FaultRecord } from '../../harness/model/report.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import { conclude } from '../../harness/run/conclude.ts';
import { InjectStep } from '../../harness/run/inject-step.ts';
import { realInstruments } from '../../harness/run/instruments.ts';
import { Journal } from '../../harness/run/journal.ts';
import { repository } from '../../harness/run/version.ts';
import { startClock } from '../../harness/util/clock.ts';
import { seeded } from '../../harness/util/random.ts';
import { withoutInjecting } from './planted/no-op.ts';

const scenario: Scenario = {
  name: 'injectors-that-do-nothing',
  summary: 'Every fault of the catalogue with an injector that does nothing: none may be taken for felt.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/three-zones.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 25, timeout: '1s', modes: ['new'] },
  faults: [],
  guarantees: [],
  recoverWithin: '5s',
};
const observer = { phase: () => undefined, note: () => undefined, progress: () => undefined };
const [provider] = catalogue.providers;

describe('an injector that does nothing is not taken for felt', function () {
  this.timeout(120_000);
  const name = `sab-${randomBytes(2).toString('hex')}`;
  const directory = mkdtempSync(join(tmpdir(), 'sabotage-'));
  const journal = new Journal(directory);
  let cluster: Cluster;

  before('boots one cluster for all', async function () {
    if (process.getuid?.() !== 0 || !provider) this.skip();
    const signal = AbortSignal.timeout(110_000);
    const spec = { ...scenario.cluster, config: join(repository, scenario.cluster.config) };
    cluster = await provider.create(name, spec, () => undefined, signal);
    await realInstruments.deploy({ scenario, cluster, catalogue, observer, signal, runId: name });
  });
  after('removes it', async () => {
    journal.close();
    rmSync(directory, { recursive: true });
    await provider?.remove(name);
  });

  for (const fault of catalogue.faults) {
    it(fault.name, async () => {
      const hold = `${Math.max(3_000, fault.minimumHoldMs)}ms` as const;
      const given = { fault: fault.name, params: fault.example ?? {}, from: '0s', hold } as const;
      const clock = startClock();
      const random = seeded(scenario.seed);
      const environment = {
        cluster,
        clock,
        random,
        journal,
        observer,
        record: () => undefined,
        busy: new Map<string, string>(),
      };
      const step = new InjectStep(
        0,
        withoutInjecting(fault),
        given,
        environment,
        `nop_${randomBytes(2).toString('hex')}`,
      );
      await step.run(AbortSignal.timeout(60_000));
      const { active, gone } = step.record;
      expect(active.proved, active.evidence).to.equal(false);
      expect(gone.proved, gone.evidence).to.equal(true);
      expect(outcomeWith(step.record)).to.equal('unknown');
    });
  }
});

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
