import { cgroupOf } from '../cgroups.ts';
import type { ClusterPlan, NodePlan } from '../plan.ts';
import { controlPlaneServices } from './control-plane.ts';
import type { ProgramPath, Service } from './service.ts';
import { workerServices } from './worker.ts';

/** Everything that runs on a node; control planes run pods as well, as kubeadm's do. */
export function servicesOf(node: NodePlan, plan: ClusterPlan, program: ProgramPath): readonly Service[] {
  return [
    ...(node.role === 'control-plane' ? controlPlaneServices(node, plan, program) : []),
    ...workerServices(node, plan, program),
  ];
}

/** The names of the services of a node of each role. */
export function serviceNames(
  plan: ClusterPlan,
  program: ProgramPath,
): Readonly<Record<NodePlan['role'], readonly string[]>> {
  const namesOf = (role: NodePlan['role']): readonly string[] => {
    const node = plan.nodes.find((each) => each.role === role);
    return node === undefined ? [] : servicesOf(node, plan, program).map(({ name }) => name);
  };
  return { 'control-plane': namesOf('control-plane'), worker: namesOf('worker') };
}

/** The control groups that a cluster needs: one for the lab's own processes, and one for each service of each node. */
export function groupsOf(plan: ClusterPlan, program: ProgramPath): readonly string[] {
  return [
    cgroupOf(plan.name, 'lab'),
    ...plan.nodes.flatMap((node) =>
      servicesOf(node, plan, program).map(({ name }) => cgroupOf(plan.name, node.name, 'system', name)),
    ),
  ];
}
