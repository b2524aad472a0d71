import { catalogue } from '../../harness/cli/catalogue.ts';
import { pdbHonoured, rto } from '../../harness/guarantees/index.ts';
import { during, inTurn, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';

/** Clients that come by address need no name: an outage of DNS is none of the services that are reached by NodePort. */
export const scenario: Scenario = {
  name: 'dns-outage',
  summary:
    'Name servers fall silent, all or one, are slow, or answer SERVFAIL: new names cannot be found, what is reached by address goes on.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: inTurn(
    during('dns-outage', { mode: 'all' }, { from: '3s', hold: '10s' }),
    during('dns-outage', { mode: 'one' }, { from: '1s', hold: '5s' }),
    during('dns-outage', { mode: 'slow' }, { from: '1s', hold: '8s' }),
    during('dns-outage', { mode: 'servfail' }, { from: '1s', hold: '5s' }),
  ),
  guarantees: [rto({ under: '5s', spacing: '100ms' }), pdbHonoured()],
  recoverWithin: '60s',
};

describeScenario(scenario, catalogue);
