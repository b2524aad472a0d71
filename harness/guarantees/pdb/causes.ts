/** What took a ready pod away. */
export type Cause =
  | 'eviction' // the eviction API, which checks the budgets
  | 'delete' // a plain delete, which does not
  | 'rollout' // its ReplicaSet or StatefulSet was scaled down or updated
  | 'preemption' // the scheduler made room for a pod of higher priority
  | 'taint' // a NoExecute taint of a node that was well
  | 'node-loss' // its node was not Ready
  | 'node-pressure' // the kubelet ended it
  | 'oom' // a container was killed for want of memory
  | 'crash' // a container ended
  | 'not-ready' // its readiness failed
  | 'ended' // it ran to its end
  | 'unseen'; // it vanished while the watch was blind

/** Whether somebody chose to remove the pod: only that can break a budget. */
export const isVoluntary = (cause: Cause): boolean =>
  cause === 'eviction' || cause === 'delete' || cause === 'rollout' || cause === 'preemption' || cause === 'taint';

const words: Readonly<Record<Cause, string>> = {
  eviction: 'the eviction API removed it',
  delete: 'it was deleted, past the eviction API',
  rollout: 'its owner was updated or scaled down, which no budget stops',
  preemption: 'the scheduler preempted it',
  taint: 'a NoExecute taint removed it, which no budget stops',
  'node-loss': 'its node was lost',
  'node-pressure': 'the kubelet ended it',
  oom: 'a container was killed for want of memory',
  crash: 'a container ended',
  'not-ready': 'its readiness failed',
  ended: 'it ran to its end',
  unseen: 'what removed it was not seen',
};

export const causeSentence = (cause: Cause): string => words[cause];
