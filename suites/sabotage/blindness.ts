import { randomBytes } from 'node:crypto';

import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { blindLoad } from './planted/blind-load.ts';
import { blind } from './planted/found.ts';
import { repository } from '../../harness/run/version.ts';
import { rpo, rto } from '../../harness/guarantees/index.ts';
import type { ClusterSpec } from '../../harness/model/cluster.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { exitCode } from '../../harness/model/verdict.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import type { RunResult } from '../../harness/run/run-scenario.ts';
import { exec } from '../../harness/util/exec.ts';
import { removeStarvation, starvedInstruments } from './planted/starved-load.ts';

const cluster: ClusterSpec = { provider: 'local', config: 'kind-configs/three-zones.yaml', etcd: 'own' };
const base: Omit<Scenario, 'name' | 'faults'> = {
  summary: 'A run that cannot know, and must say so.',
  seed: 1,
  cluster,
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 25, timeout: '1s', modes: ['new'] },
  guarantees: [rto({ under: '60s' })],
  recoverWithin: '5s',
};
describe('what cannot be known is unknown', function () {
  this.timeout(300_000);
  const name = `sab-${randomBytes(2).toString('hex')}`;
  const [provider] = catalogue.providers;
  before('boots one cluster for all', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const spec = { ...cluster, config: `${repository}/${cluster.config}` };
    await provider?.create(name, spec, () => undefined, AbortSignal.timeout(120_000));
  });
  after('removes it', () => provider?.remove(name));
  const run = () => ({ cluster: name });
  const exits2 = {
    'exits with 2': ({ report }: RunResult) => {
      expect(exitCode(report.outcome)).to.equal(2);
    },
  };

  describeScenario(
    {
      ...base,
      name: 'load-generator-dies',
      guarantees: [rto({ under: '60s' }), rpo({ lost: 0 })],
      faults: [
        during('etcd-leader-loss', { how: 'kill' }, { from: '2s', hold: '10s' }),
        during('blind-load', {}, { from: '3s', hold: '6s' }),
      ],
    },
    { ...catalogue, faults: [...catalogue.faults, blindLoad] },
    {
      outcome: 'unknown',
      run,
      also: {
        ...exits2,
        'says that the load was blind': blind(0, /load|samples end .* too early/),
        'says that nothing was written': blind(1, /./),
      },
    },
  );

  describe('a starved load generator', () => {
    after('its cgroup is removed', () => exec(removeStarvation));
    const scenario = {
      ...base,
      name: 'load-too-low',
      faults: [during('etcd-leader-loss', {}, { from: '1s', hold: '5s' })],
    };
    const starved = () => ({ ...run(), instruments: starvedInstruments });
    describeScenario(scenario, catalogue, { outcome: 'unknown', run: starved, also: exits2 });
  });
});
