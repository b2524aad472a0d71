import { withClient } from '../../../faults/shared/pods.ts';
import { proveRemoved, remove } from './removed.ts';
import { bareFault } from '../../self/bare-fault.ts';

const service = '/api/v1/namespaces/shakedown/services/prometheus';

/** Plants alerts that nobody sees: Prometheus goes on, but the Service by which it is asked is gone for good. */
export const unaskedPrometheus = bareFault<null>({
  name: 'unasked-prometheus',
  summary: 'Deletes the Service by which Prometheus is asked for its alerts.',
  minimumHoldMs: 1,
  plan: () => Promise.resolve(null),
  targets: () => ['service prometheus'],
  impact: () => 'no alert is seen any more',
  inject: (context) => withClient(context, (client) => remove(client, service, context.signal)),
  proveActive: (context) => withClient(context, (client) => proveRemoved(client, [service], context.signal)),
  proveGone: () => Promise.resolve('nothing to undo: the next run applies the Service again'),
});
