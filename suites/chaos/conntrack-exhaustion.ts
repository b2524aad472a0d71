import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { pdbHonoured, rto } from '../../harness/guarantees/index.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import { failuresDuring } from './what-happened.ts';

const holdMs = 15_000;
/** Filling and emptying the table of 262,144 entries: about 2 s each on an idle machine, ten times that on a busy one. */
const fillAndDrainMs = 30_000;

/**
 * New connections through the full node fail for as long as the fault lasts; established ones must not notice: none of
 * their requests fails. Filling the table takes a core for a second, in which they may be slow.
 */
export const scenario: Scenario = {
  name: 'conntrack-exhaustion',
  summary: 'The connection table of a worker is full: new connections through it fail, established ones go on.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: [during('conntrack-exhaustion', { running: 'app=web' }, { from: '3s', hold: `${holdMs}ms` })],
  guarantees: [
    rto({ under: '5s', mode: 'reused', spacing: '100ms' }),
    rto({ under: `${holdMs + fillAndDrainMs}ms`, mode: 'new', spacing: '100ms' }),
    pdbHonoured(),
  ],
  recoverWithin: '60s',
};

describeScenario(scenario, catalogue, {
  also: {
    'fails no request on an established connection': (result) => {
      expect(failuresDuring(result, 'reused')).to.equal(0);
    },
    'fails requests on new connections, so that this says something': (result) => {
      expect(failuresDuring(result, 'new')).to.be.above(0);
    },
  },
});
