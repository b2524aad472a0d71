import type { Fault } from '../harness/model/fault.ts';
import { apiserverLoss } from './control-plane/apiserver-loss.ts';
import { apiserverOverload } from './control-plane/apiserver-overload.ts';
import { controllerManagerLoss } from './control-plane/controller-manager-loss.ts';
import { schedulerLoss } from './control-plane/scheduler-loss.ts';
import { etcdQuorumLoss } from './control-plane/etcd-quorum-loss.ts';
import { etcdSlowDisk } from './control-plane/etcd-slow-disk.ts';
import { expiredCertificate } from './control-plane/expired-certificate.ts';
import { etcdSpaceQuota } from './control-plane/etcd-space-quota.ts';
import { webhookOutage } from './control-plane/webhook-outage.ts';
import { etcdFollowerLoss } from './control-plane/etcd-follower-loss.ts';
import { etcdLeaderLoss } from './control-plane/etcd-leader-loss.ts';
import { kubeletFreeze } from './node/kubelet-freeze.ts';
import { kubeletStop } from './node/kubelet-stop.ts';
import { networkCut } from './node/network-cut.ts';
import { conntrackExhaustion } from './node/conntrack-exhaustion.ts';
import { kubeProxyLoss } from './node/kube-proxy-loss.ts';
import { kubeProxyRulesFlush } from './node/kube-proxy-rules-flush.ts';
import { plegStall } from './node/pleg-stall.ts';
import { cpuStarvation } from './node/cpu-starvation.ts';
import { diskFull } from './node/disk-full.ts';
import { memoryPressure } from './node/memory-pressure.ts';
import { pidExhaustion } from './node/pid-exhaustion.ts';
import { reboot } from './node/reboot.ts';
import { runtimeFreeze } from './node/runtime-freeze.ts';
import { runtimeKill } from './node/runtime-kill.ts';
import { azPartition } from './network/az-partition.ts';
import { nodePowerLoss } from './node/node-power-loss.ts';
import { nodePartition } from './network/node-partition.ts';
import { packetLoss } from './network/packet-loss.ts';
import { latency } from './network/latency.ts';
import { dnsOutage } from './network/dns-outage.ts';
import { badRollout } from './workload/bad-rollout.ts';
import { drain } from './workload/drain.ts';
import { evict } from './workload/evict.ts';
import { hang } from './workload/hang.ts';
import { oom } from './workload/oom.ts';
import { containerKill } from './workload/container-kill.ts';
import { podKill } from './workload/pod-kill.ts';
import { bandwidth } from './network/bandwidth.ts';
import { azLoss } from './network/az-loss.ts';
import { portBlock } from './network/port-block.ts';
import { mtuBlackHole } from './network/mtu-black-hole.ts';
import { ipExhaustion } from './network/ip-exhaustion.ts';

/** Every fault there is: the only catalogue. */
export const faults: readonly Fault[] = [
  etcdLeaderLoss,
  etcdFollowerLoss,
  apiserverLoss,
  nodePowerLoss,
  networkCut,
  kubeletStop,
  kubeletFreeze,
  conntrackExhaustion,
  runtimeFreeze,
  runtimeKill,
  plegStall,
  cpuStarvation,
  memoryPressure,
  diskFull,
  pidExhaustion,
  reboot,
  kubeProxyLoss,
  kubeProxyRulesFlush,
  nodePartition,
  packetLoss,
  azPartition,
  latency,
  dnsOutage,
  podKill,
  containerKill,
  evict,
  drain,
  badRollout,
  bandwidth,
  hang,
  oom,
  azLoss,
  portBlock,
  mtuBlackHole,
  ipExhaustion,
  controllerManagerLoss,
  schedulerLoss,
  etcdQuorumLoss,
  webhookOutage,
  etcdSlowDisk,
  etcdSpaceQuota,
  expiredCertificate,
  apiserverOverload,
];
