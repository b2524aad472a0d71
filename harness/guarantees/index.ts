import type { Guarantee } from '../model/guarantee.ts';
import { apiPriorityGuarantee } from './api-priority.ts';
import { apiRtoGuarantee } from './api-rto.ts';
import { appendOrderGuarantee } from './append-order.ts';
import { blastRadiusGuarantee } from './blast-radius.ts';
import { capacityRtoGuarantee } from './capacity-rto.ts';
import { linearizableGuarantee } from './linearizable.ts';
import { pdbHonouredGuarantee } from './pdb-honoured.ts';
import { rpoGuarantee } from './rpo.ts';
import { rtoGuarantee } from './rto.ts';
import { topologySpreadGuarantee } from './topology-spread.ts';
import { errorBudgetGuarantee } from './error-budget.ts';
import { latencyUnderGuarantee } from './latency-under.ts';
import { setCompleteGuarantee } from './set-complete.ts';
import { watchOrderGuarantee } from './watch-order.ts';
import { zeroFailuresGuarantee } from './zero-failures.ts';
import { endpointsConvergeGuarantee } from './endpoints-converge.ts';
import { leaderHandoverGuarantee } from './leader-handover.ts';
import { noDuplicateOrdinalGuarantee } from './no-duplicate-ordinal.ts';
import { noRestartStormGuarantee } from './no-restart-storm.ts';
import { cleanReturnGuarantee } from './clean-return.ts';

export { apiPriority } from './api-priority.ts';
export { apiRto } from './api-rto.ts';
export { appendOrder } from './append-order.ts';
export { blastRadius } from './blast-radius.ts';
export { capacityRto } from './capacity-rto.ts';
export { linearizable } from './linearizable.ts';
export { pdbHonoured } from './pdb-honoured.ts';
export { rpo } from './rpo.ts';
export { rto } from './rto.ts';
export { topologySpread } from './topology-spread.ts';
export { errorBudget } from './error-budget.ts';
export { latencyUnder } from './latency-under.ts';
export { setComplete } from './set-complete.ts';
export { watchOrder } from './watch-order.ts';
export { zeroFailures } from './zero-failures.ts';
export { endpointsConverge } from './endpoints-converge.ts';
export { leaderHandover } from './leader-handover.ts';
export { noDuplicateOrdinal } from './no-duplicate-ordinal.ts';
export { noRestartStorm } from './no-restart-storm.ts';
export { cleanReturn } from './clean-return.ts';

/** Every kind of promise that a scenario can make. */
export const guarantees: readonly Guarantee[] = [
  rtoGuarantee,
  apiRtoGuarantee,
  rpoGuarantee,
  linearizableGuarantee,
  pdbHonouredGuarantee,
  topologySpreadGuarantee,
  errorBudgetGuarantee,
  latencyUnderGuarantee,
  zeroFailuresGuarantee,
  blastRadiusGuarantee,
  capacityRtoGuarantee,
  setCompleteGuarantee,
  appendOrderGuarantee,
  watchOrderGuarantee,
  endpointsConvergeGuarantee,
  leaderHandoverGuarantee,
  noDuplicateOrdinalGuarantee,
  noRestartStormGuarantee,
  cleanReturnGuarantee,
  apiPriorityGuarantee,
];
