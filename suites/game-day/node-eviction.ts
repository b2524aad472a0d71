import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { capacityRto, pdbHonoured, rto, topologySpread } from '../../harness/guarantees/index.ts';
import { toMs } from '../../harness/model/duration.ts';
import type { PodState } from '../../harness/model/objects.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import { afterInjection, leavingPods, podsThatLeft, settingMs } from '../chaos/what-happened.ts';

const tolerationSeconds = 30;
/** For the taint manager to delete, the scheduler to choose, a container to start and to become ready. */
const startMs = 20_000;
const back = { under: '55s', spacing: '150ms' } as const;

/**
 * The kubelet is gone for longer than its node is waited for and its pods tolerate that: they are told to go, and are replaced on
 * another node of the zone. Nobody ends them, so that they go on serving, and nobody notices but the API.
 */
export const scenario: Scenario = {
  name: 'node-eviction',
  summary:
    'The kubelet of a worker is gone until its pods are evicted: they are replaced in their zone, and no client notices.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/three-zones.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: { tolerationSeconds } }],
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: [during('kubelet-stop', { running: 'app=web' }, { from: '3s', hold: '120s' })],
  guarantees: [
    rto({ under: '5s', spacing: '150ms' }),
    // Counted from the NotReady of the node, which makes its pods unready.
    capacityRto(back),
    pdbHonoured(),
    topologySpread({ within: '60s' }),
  ],
  recoverWithin: '90s',
};

describeScenario(scenario, catalogue, {
  also: {
    'gives no more time than the live settings need': (result) => {
      const periodMs = settingMs(result, 'kube-controller-manager node-monitor-period');
      expect(toMs(back.under, 'under')).to.equal(tolerationSeconds * 1_000 + periodMs + startMs);
    },
    'tells the pods of that node to go, when grace period and toleration are over': (result) => {
      const [victim] = result.report.faults[0]?.targets ?? [];
      const graceMs = settingMs(result, 'kube-controller-manager node-monitor-grace-period');
      const renewalMs = settingMs(result, 'kubelet nodeStatusUpdateFrequency');
      const injectedMs = result.report.faults[0]?.injectedMs ?? NaN;
      const told = leavingPods(result);
      expect(new Set(told.map(({ value }) => (value as unknown as PodState).node))).to.deep.equal(new Set([victim]));
      const firstMs = Math.min(...told.map(({ atMs }) => atMs)) - injectedMs;
      expect(firstMs).to.be.within(
        graceMs + tolerationSeconds * 1_000 - 2 * renewalMs,
        graceMs + tolerationSeconds * 1_000 + renewalMs + startMs,
      );
    },
    'replaces each of them': (result) => {
      const left = podsThatLeft(result);
      expect(left).not.to.deep.equal([]);
      const made = afterInjection(result).filter(({ object, change }) => object === 'Pod' && change === 'added');
      expect(new Set(made.map(({ name }) => name)).size).to.equal(left.length);
    },
  },
});
