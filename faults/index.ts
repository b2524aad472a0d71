import type { Fault } from '../harness/model/fault.ts';
import { etcdLeaderLoss } from './control-plane/etcd-leader-loss.ts';
import { nodePowerLoss } from './node/node-power-loss.ts';

/** Every fault there is: the only catalogue. */
export const faults: readonly Fault[] = [etcdLeaderLoss, nodePowerLoss];
