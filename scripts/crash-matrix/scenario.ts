import type { Scenario } from '../../harness/model/scenario.ts';

/** A scenario of which only the fault, or only the deployment, matters: no load is made and nothing is promised. */
export function scenarioOf(given: Partial<Scenario>): Scenario {
  return {
    name: 'crash-matrix',
    summary: 'A run without load and promises.',
    seed: 1,
    cluster: { provider: 'local', config: 'kind-configs/three-zones.yaml', etcd: 'own' },
    workloads: [],
    load: { rate: 20, timeout: '1s', modes: ['new'] },
    faults: [],
    guarantees: [],
    recoverWithin: '1s',
    ...given,
  };
}
