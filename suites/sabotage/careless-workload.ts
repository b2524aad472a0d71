import {
  appendOrder,
  blastRadius,
  capacityRto,
  errorBudget,
  latencyUnder,
  linearizable,
  rpo,
  rto,
  setComplete,
  zeroFailures,
} from '../../harness/guarantees/index.ts';
import { during } from '../../harness/model/scenario.ts';
import { describePlanted } from './planted/planted.ts';

const oneReplica = 'one replica, on a node that loses its power';

/** One slow replica and a data service that keeps its records in memory: the loss of their nodes must cost every promise. */
export const planted = [
  describePlanted('violated', {
    name: 'careless-workload',
    summary: 'One slow replica and records kept in memory, on nodes that lose their power.',
    seed: 1,
    cluster: { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' },
    workloads: [
      { workload: 'web', options: { replicas: 1, minAvailable: null, latencyMs: 50 } },
      {
        workload: 'ledger',
        options: { api: false, data: { replicas: 1, storage: 'memory', fsync: false }, models: ['set', 'append'] },
      },
    ],
    load: { rate: 25, timeout: '1s', modes: ['new'] },
    faults: [
      during('node-power-loss', { running: 'app=web' }, { from: '3s', hold: '10s' }),
      during('node-power-loss', { running: 'app=ledger' }, { from: '45s', hold: '5s' }),
    ],
    findings: [
      {
        promise: rto({ under: '5s', spacing: '100ms' }),
        plant: oneReplica,
        sentence: /the longest outage took (1[0-9]|2[0-9])\.\d+ s to/,
      },
      {
        promise: capacityRto({ under: '5s', spacing: '100ms' }),
        plant: oneReplica,
        sentence: /full capacity was back after 1\d\..*0 of 1 pod of/,
      },
      {
        promise: blastRadius({ errors: '0.1%' }),
        plant: oneReplica,
        sentence: /nodeport-zone-[bc]: \d+ of \d+ requests failed/,
      },
      { promise: errorBudget({ objective: 95 }), plant: oneReplica, sentence: /of the budget$/ },
      { promise: zeroFailures(), plant: oneReplica, sentence: /of \d+ requests failed, the first on nodeport-/ },
      {
        promise: latencyUnder({ percentile: 99, under: '40ms' }),
        plant: 'a service that takes 50 ms for each answer',
        sentence: /p99 nodeport-zone-. .* of \d+ answers/,
      },
      {
        promise: rpo({ lost: 0 }),
        plant: 'records in memory, on a node that loses its power',
        sentence: /\d+ of \d+ acknowledged writes through .* lost/,
      },
      {
        promise: setComplete(),
        plant: 'a set in memory, on a node that loses its power',
        sentence: /[1-9]\d* lost, .* of \d+ acknowledged adds to 1 set/,
      },
      {
        promise: appendOrder(),
        plant: 'a list in memory, on a node that loses its power',
        sentence: /[1-9]\d* lost, .* of \d+ acknowledged appends to 1 list/,
      },
      {
        promise: linearizable(),
        plant: 'registers that go back to nothing when their node loses its power',
        sentence: /the read of nothing by .* fits no order with the write/,
      },
    ],
    recoverWithin: '60s',
  }),
];
