import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { capacityRto, pdbHonoured, rto, topologySpread } from '../../harness/guarantees/index.ts';
import { toMs } from '../../harness/model/duration.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import { afterInjection, podsThatLeft, readinessOfVictim, settingMs } from './what-happened.ts';

const hold = '70s';
/** For every kube-proxy to hear of it; the rest is for a busy machine. */
const propagationMs = 15_000;
const answers = { under: '70s', spacing: '100ms' } as const;
const manager = 'kube-controller-manager';

/**
 * Held for longer than the node monitor's grace period, so that the endpoints of the dead node are withdrawn. The dead node may be
 * the one by which the clients of its zone enter, and no Service can help those: the outage is judged on the ways in by other zones.
 */
export const scenario: Scenario = {
  name: 'node-power-loss',
  summary: 'A worker loses its link and its power: requests to its pods fail until the endpoints are withdrawn.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/three-zones.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: [during('node-power-loss', { running: 'app=web', zone: 'zone-c' }, { from: '3s', hold })],
  guarantees: [
    rto({ ...answers, path: 'nodeport-zone-a' }),
    rto({ ...answers, path: 'nodeport-zone-b' }),
    // The pods stay bound to their node and are back with it: held for 70 s, and what a boot takes.
    capacityRto({ under: '120s', spacing: '100ms' }),
    pdbHonoured(),
    topologySpread({ within: '60s' }),
  ],
  recoverWithin: '90s',
};

describeScenario(scenario, catalogue, {
  also: {
    'gives no more time than the live settings need': (result) => {
      const graceMs = settingMs(result, `${manager} node-monitor-grace-period`);
      expect(toMs(answers.under, 'under')).to.equal(
        graceMs + settingMs(result, `${manager} node-monitor-period`) + propagationMs,
      );
      expect(toMs(hold, 'hold')).to.be.above(graceMs);
    },
    'sees the node Unknown, and not before its grace period is over': (result) => {
      expect(readinessOfVictim(result)).to.include('Unknown');
      const [victim] = result.report.faults[0]?.targets ?? [];
      const unknown = afterInjection(result).find(
        ({ object, name, value }) =>
          object === 'Node' && name === victim && (value as { readonly ready?: string }).ready === 'Unknown',
      );
      const graceMs = settingMs(result, `${manager} node-monitor-grace-period`);
      const renewalMs = settingMs(result, 'kubelet nodeStatusUpdateFrequency');
      const afterMs = (unknown?.atMs ?? NaN) - (result.report.faults[0]?.injectedMs ?? NaN);
      expect(afterMs).to.be.above(graceMs - 2 * renewalMs);
    },
    'evicts nothing, for the tolerations last longer': (result) => {
      expect(toMs(hold, 'hold')).to.be.below(
        settingMs(result, 'kube-apiserver default-unreachable-toleration-seconds'),
      );
      expect(podsThatLeft(result)).to.deep.equal([]);
    },
  },
});
