import { leaderLoss } from '../shared/leader-loss.ts';

/** Without it no endpoint is withdrawn, no pod replaced and no node marked. */
export const controllerManagerLoss = leaderLoss({
  name: 'controller-manager-loss',
  program: 'kube-controller-manager',
  summary: 'Takes the controller manager that leads: killed, or stopped.',
  felt: 'Nothing is reconciled (no pod is replaced, no endpoint withdrawn, no node marked)',
});
