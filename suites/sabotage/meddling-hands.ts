import {
  cleanReturn,
  endpointsConverge,
  leaderHandover,
  noDuplicateOrdinal,
  noRestartStorm,
} from '../../harness/guarantees/index.ts';
import { during } from '../../harness/model/scenario.ts';
import { realInstruments } from '../../harness/run/instruments.ts';
import { crashLoop } from './planted/crash-loop.ts';
import { forcedTwin } from './planted/forced-twin.ts';
import { forgetfulDrain } from './planted/forgetful-drain.ts';
import { forgottenCanary } from './planted/forgotten-canary.ts';
import { describePlanted } from './planted/planted.ts';
import { staleSlice } from './planted/stale-slice.ts';
import { stolenLease } from './planted/stolen-lease.ts';

/** Six hands in the API of one cluster at once, each of which breaks what Kubernetes promises when nobody meddles. */
export const planted = [
  describePlanted(
    'violated',
    {
      name: 'meddling-hands',
      summary:
        'A slice kept by hand, a stolen lease, a removal by force, a bad configuration, a forgotten cordon and a forgotten pod.',
      seed: 1,
      cluster: { provider: 'local', config: 'kind-configs/small.yaml', etcd: 'own' },
      workloads: [
        { workload: 'web', options: {} },
        { workload: 'prometheus', options: {} },
      ],
      alerts: { service: 'shakedown/prometheus:9090' },
      load: { rate: 25, timeout: '1s', modes: ['new'] },
      faults: [
        during('forgotten-canary', {}, { from: '1s', hold: '20s' }),
        during('crash-loop', {}, { from: '1s', hold: '8s' }),
        during('forced-twin', {}, { from: '1s', hold: '6s' }),
        during('stale-slice', {}, { from: '2s', hold: '6s' }),
        during('forgetful-drain', {}, { from: '2s', hold: '1s' }),
        during('stolen-lease', {}, { from: '3s', hold: '3s' }),
      ],
      // The kubelet of w1 is frozen by the twins, w3 is cordoned: what must come and go does so on w2.
      planted: [crashLoop('w2'), forcedTwin(), staleSlice('w2'), forgetfulDrain, stolenLease, forgottenCanary('w2')],
      findings: [
        {
          promise: endpointsConverge({ under: '3s' }),
          plant: 'an EndpointSlice kept by hand that goes on offering a deleted pod',
          sentence:
            /pod shakedown\/web-\S+ (is being deleted|was removed) .* the slice web-by-hand of web offered it for/,
        },
        {
          promise: leaderHandover(),
          plant: 'a lease that is taken while its holder renews it',
          sentence: /kube-system\/kube-scheduler passed from \S+ to sabotage .* without a release/,
        },
        {
          promise: noDuplicateOrdinal(),
          plant: 'a pod that is removed by force while the kubelet of its node is frozen',
          sentence: /twin-0 \(\w+\) on \w+ was removed from the API .* another twin-0 \(\w+\) was placed on \w+/,
        },
        {
          promise: noRestartStorm({ restarts: 1 }),
          plant: 'two containers whose configuration makes them end at once',
          sentence: /shakedown\/crasher [2-9] restarts/,
        },
        {
          promise: cleanReturn({ within: '3s' }),
          plant: 'a cordon and a taint that nobody takes back',
          sentence: /not back .* node w3 is cordoned, node w3 has the taint sabotage\/maintenance:NoSchedule/,
        },
        {
          promise: cleanReturn({ within: '3s' }),
          plant: 'a pod that answers nobody, of which only an alert tells',
          sentence: /not back .*the alert TargetDown\{instance="canary\.web-targets\.[^}]+\} fires/,
        },
      ],
      recoverWithin: '6s',
    },
    {
      // Nobody takes it back: to wait for it would be for nothing.
      run: () => ({ instruments: { ...realInstruments, settleMs: 1_000 } }),
      left: [
        'api: cordon: w3 (was not there before)',
        'api: taint: w3 sabotage/maintenance=:NoSchedule (was not there before)',
      ],
    },
  ),
];
