import { leaderLoss } from '../shared/leader-loss.ts';

export const schedulerLoss = leaderLoss({
  name: 'scheduler-loss',
  program: 'kube-scheduler',
  summary: 'Takes the scheduler that leads: killed, or stopped.',
  felt: 'New pods stay Pending',
});
