import { expect } from 'chai';

import { cleanReturn, rto } from '../../harness/guarantees/index.ts';
import type { ClusterSpec } from '../../harness/model/cluster.ts';
import type { GuaranteeSpec } from '../../harness/model/guarantee.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { exitCode } from '../../harness/model/verdict.ts';
import type { RunResult } from '../../harness/run/run-scenario.ts';
import { blindClients } from './planted/blind-clients.ts';
import { blindRecorder } from './planted/blind-recorder.ts';
import { promisesSeenBy } from './planted/eyes.ts';
import { describePlanted, type Finding } from './planted/planted.ts';
import { describeOnOneCluster } from './planted/shared-cluster.ts';
import { starvedInstruments } from './planted/starved-load.ts';
import { unaskedPrometheus } from './planted/unasked-prometheus.ts';

const cluster: ClusterSpec = { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' };
const base: Omit<Scenario, 'name' | 'summary' | 'faults' | 'guarantees'> = {
  seed: 1,
  cluster,
  workloads: [
    { workload: 'web', options: {} },
    {
      workload: 'ledger',
      options: {
        data: { replicas: 1, storage: 'memory', fsync: false },
        models: ['set', 'append'],
        watches: true,
      },
    },
  ],
  load: { rate: 25, timeout: '1s', modes: ['new'] },
  recoverWithin: '5s',
};
const also = {
  'exits with 2': ({ report }: RunResult) => {
    expect(exitCode(report.outcome)).to.equal(2);
  },
};
const findings = (promises: readonly GuaranteeSpec[], plant: string, sentence: RegExp): readonly Finding[] =>
  promises.map((promise) => ({ promise, plant, sentence }));

const recorder = blindRecorder();

export const planted = describeOnOneCluster('what cannot be known is unknown', cluster, (name) => [
  describePlanted(
    'unknown',
    {
      ...base,
      name: 'clients-die',
      summary:
        'The load generator and the writer of records die while a fault is active, and nobody can ask for alerts.',
      workloads: [...base.workloads, { workload: 'prometheus', options: {} }],
      alerts: { service: 'shakedown/prometheus:9090' },
      faults: [
        during('kubelet-stop', {}, { from: '3s', hold: '6s' }),
        during('blind-clients', {}, { from: '5s', hold: '2s' }),
        during('unasked-prometheus', {}, { from: '5s', hold: '2s' }),
      ],
      planted: [blindClients, unaskedPrometheus],
      findings: [
        ...findings(
          promisesSeenBy('clients'),
          'a load generator and a writer that die during the fault',
          /load was not recorded|samples end .* too early|probe (load|ledger|watcher) was blind/,
        ),
        ...findings(
          [cleanReturn({ within: '3s' })],
          'a Prometheus that nobody can ask for its alerts',
          /probe recorder\/Alert was blind .*404/,
        ),
      ],
    },
    { run: () => ({ cluster: name }), also },
  ),
  describePlanted(
    'unknown',
    {
      ...base,
      name: 'recorder-blind',
      summary: 'The recorder loses its watches before a fault and never gets them back.',
      faults: [
        during('blind-recorder', {}, { from: '1s', hold: '7s' }),
        during('pod-kill', {}, { from: '2s', hold: '4s' }),
      ],
      planted: [recorder.fault],
      findings: findings(
        promisesSeenBy('recorder'),
        'a recorder whose watches break before the fault',
        /probe recorder(\/\w+)? was blind/,
      ),
    },
    { run: () => ({ cluster: name, instruments: recorder.instruments }), also },
  ),
  describeStarved(name),
]);

/** Nothing is broken before the load is real. */
function describeStarved(name: string) {
  const run = () => ({ cluster: name, instruments: starvedInstruments });
  return describePlanted(
    'unknown',
    {
      ...base,
      name: 'load-too-low',
      summary: 'The load generator has not enough of the machine to reach its rate.',
      workloads: [{ workload: 'web', options: {} }],
      faults: [during('kubelet-stop', {}, { from: '1s', hold: '5s' })],
      findings: findings(
        [rto({ under: '60s' })],
        'a load generator with a fiftieth of a core',
        /no fault was injected/,
      ),
    },
    {
      run,
      also: {
        ...also,
        'says that the load was too low': ({ report }) => {
          expect(report.because).to.match(/of 25\/s/);
        },
      },
    },
  );
}
