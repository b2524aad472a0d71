import { expect } from 'chai';

import { catalogue } from '../../harness/cli/catalogue.ts';
import {
  apiRto,
  appendOrder,
  linearizable,
  pdbHonoured,
  rpo,
  rto,
  setComplete,
  watchOrder,
} from '../../harness/guarantees/index.ts';
import { during, inTurn, type Scenario } from '../../harness/model/scenario.ts';
import { readHistory } from '../../harness/run/history-file.ts';
import { describeScenario } from '../../harness/run/mocha.ts';
import { electedWithinMs, expectElectionSettings } from './election.ts';
import { faultAt, podsThatLeft, restarts, samplesOf, timeOf, unreadyNodes, writesDuring } from './what-happened.ts';

/** Each API server talks to its own etcd member, as kubeadm wires it; the member that leads is cut off for 10 s, and the next one is told to hand over. */
export const scenario: Scenario = {
  name: 'etcd-leader-loss',
  summary:
    'The etcd leader is cut off from its peers, the next one hands over: writes pause for an election, then hardly at all.',
  seed: 1,
  cluster: { provider: 'local', config: 'kind-configs/three-zones.yaml', etcd: 'own' },
  workloads: [
    { workload: 'web', options: {} },
    { workload: 'ledger', options: { models: ['register', 'set', 'append'], watches: true } },
  ],
  load: { rate: 25, timeout: '1s', modes: ['new', 'reused'] },
  faults: inTurn(
    during('etcd-leader-loss', { how: 'partition' }, { from: '3s', hold: '10s' }),
    during('etcd-leader-loss', { how: 'move' }, { from: '1s', hold: '4s' }),
  ),
  guarantees: [
    // Nobody is cut off from the service: what it is late is the machine's, and a machine without processors left widens the error bar.
    rto({ under: '30s', spacing: '100ms' }),
    apiRto({ under: '10s', target: 'api-ha', spacing: '500ms' }),
    rpo({ lost: 0 }),
    linearizable(),
    setComplete(),
    appendOrder(),
    watchOrder(),
    pdbHonoured(),
  ],
  recoverWithin: '60s',
};

describeScenario(scenario, catalogue, {
  also: {
    'gives no more time than the live settings need': expectElectionSettings,
    'elects another leader in time': (result) => {
      const { node, term } = faultAt(result, 0).plan as { readonly node: string; readonly term: number };
      const [elected] = samplesOf(result, 0, 'etcd-leader');
      const leader = elected?.value as { readonly node: string; readonly term: number } | undefined;
      expect(leader?.node).to.not.equal(node);
      expect(leader?.term).to.be.above(term);
      const injectedMs = timeOf(result, 0, 'injected');
      expect((elected?.atMs ?? Infinity) - injectedMs).to.be.below(electedWithinMs);
      const acknowledged = readHistory(result.directory).filter(
        (event) =>
          event.kind === 'op' && event.target === 'api-ha' && event.action !== 'read' && event.outcome === 'ok',
      );
      const again = acknowledged.find((event) => event.kind === 'op' && event.startMs > injectedMs);
      expect(again?.kind === 'op' ? again.endMs - injectedMs : Infinity).to.be.below(electedWithinMs);
    },
    'acknowledges no write through the old leader while it is cut off, and many through the others': (result) => {
      const [cut] = faultAt(result, 0).targets;
      const through = (isCut: boolean) => (target: string) =>
        /^api-cp/.test(target) && (target === `api-${String(cut)}`) === isCut;
      const minority = writesDuring(result, 0, 'injected', through(true));
      expect(minority.tried).to.be.above(0);
      expect(minority.acknowledged).to.equal(0);
      expect(writesDuring(result, 0, 'injected', through(false)).acknowledged).to.be.above(10);
    },
    'goes on writing through every API server when the lead is handed over': (result) => {
      const writes = writesDuring(result, 1, 'felt');
      expect(writes.tried).to.be.above(10);
      expect(writes.acknowledged).to.be.above(0.9 * writes.tried);
    },
    'takes no node for dead, evicts nothing and starts nothing again': (result) => {
      expect([...unreadyNodes(result), ...podsThatLeft(result), ...restarts(result)]).to.deep.equal([]);
    },
  },
});
