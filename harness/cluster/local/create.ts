import { access } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { ClusterSpec, Progress } from '../../model/cluster.ts';
import { HarnessError, messageOf } from '../../model/errors.ts';
import { imageNames, pins } from '../../toolchain/index.ts';
import { readKindConfig } from '../kind-config.ts';
import { BootApi } from './api.ts';
import { apiReady, bringUp, powerOn, startEndpoint } from './boot.ts';
import { cgroupOf, hierarchies, makeCgroups } from './cgroups.ts';
import { choosePort, haproxyConfig } from './endpoint.ts';
import { failureReport } from './failure.ts';
import { claimHost } from './host-settings.ts';
import { claimName } from './name-claim.ts';
import { makeNetwork } from './network.ts';
import { clusterPaths } from './paths.ts';
import { createCredentials, type Credentials } from './pki/layout.ts';
import { planCluster, remarks, type ClusterPlan, type NodePlan } from './plan.ts';
import { prepareNode, writeClusterFiles } from './prepare.ts';
import { bootId, markOf } from './processes.ts';
import { ensureClusterPrograms, programPath } from './programs.ts';
import { removeCluster } from './remove.ts';
import { controlPlanes } from './services/control-plane.ts';
import { groupsOf, serviceNames, servicesOf } from './services/of-node.ts';
import type { Service } from './services/service.ts';
import { writeState, type ClusterState } from './state.ts';
import { systemStore, type SystemStore } from './system-store.ts';
import { together } from './together.ts';

/** Boots a cluster; after a failure or an abort nothing of it is left. */
export async function createCluster(
  name: string,
  spec: ClusterSpec,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const config = await readKindConfig(await configFile(spec.config));
  const plan = planCluster(name, config, spec.etcd);
  for (const remark of remarks(config)) progress(remark);
  const hostPort = await choosePort(plan.hostPort);
  const programs = await ensureClusterPrograms(progress, signal);
  const state = firstState(plan, spec, hostPort, programs);
  await claimName(name);
  let phase = 'preparing';
  const told: Progress = (line) => {
    phase = line;
    progress(line);
  };
  try {
    await boot(state, told, signal);
  } catch (error) {
    const report = await failureReport(plan, phase, error);
    await removeCluster(name).catch((cause: unknown) => {
      progress(`what was made could not all be removed: ${messageOf(cause)}`);
    });
    signal.throwIfAborted();
    throw report;
  }
}

/** Scenarios name the configs of this repository, whatever folder the user is in. */
async function configFile(given: string): Promise<string> {
  const here = resolve(given);
  const there = resolve(import.meta.dirname, '../../..', given);
  const exists = (file: string): Promise<boolean> =>
    access(file).then(
      () => true,
      () => false,
    );
  return !(await exists(here)) && (await exists(there)) ? there : given;
}

function firstState(
  plan: ClusterPlan,
  spec: ClusterSpec,
  hostPort: number,
  programs: ClusterState['programs'],
): ClusterState {
  const creator = markOf(process.pid);
  if (creator === null) throw new HarnessError('bug', 'this process is not in /proc');
  return {
    schema: 1,
    phase: 'creating',
    createdAt: new Date().toISOString(),
    bootId: bootId(),
    creator,
    config: spec.config,
    plan,
    hostPort,
    kubernetesVersion: `v${pins.kubernetes}`,
    programs,
    services: serviceNames(plan, programPath(programs)),
  };
}

async function boot(state: ClusterState, progress: Progress, signal: AbortSignal): Promise<void> {
  const { plan, hostPort } = state;
  await writeState(state);
  for (const line of await claimHost(plan.name)) progress(line);
  const program = programPath(state.programs);
  progress('making the network and the certificates');
  const [credentials, store] = await together<[Credentials, SystemStore, unknown, unknown]>(
    signal,
    () => createCredentials(plan),
    (both) => systemStore(program, progress, both),
    (both) => makeNetwork(plan, program, both),
    () => makeCgroups(groupsOf(plan, program)),
  );
  const groups = await hierarchies();
  await writeClusterFiles(plan, hostPort, credentials);
  progress('switching the nodes on');
  const paths = clusterPaths(plan.name);
  await startEndpoint(
    plan,
    haproxyConfig(plan, hostPort, paths.authority, paths.endpointSocket),
    { haproxy: program('haproxy'), runsv: program('runsv') },
    groups.map((hierarchy) => `${hierarchy}${cgroupOf(plan.name, 'lab')}/cgroup.procs`),
    signal,
  );
  const start = async (nodes: readonly NodePlan[], until: AbortSignal): Promise<void> => {
    const works = nodes.map((node) => async (both: AbortSignal) => {
      await prepareNode(node, state, credentials, groups, store);
      await powerOn(plan, node, both);
    });
    await together(until, ...works);
  };
  // While etcd elects its first leader the processors have time for the workers.
  await start(controlPlanes(plan), signal);
  const services = (node: NodePlan): readonly Service[] => servicesOf(node, plan, program);
  using api = new BootApi(hostPort, credentials.authority, credentials.admin);
  await together(
    signal,
    (both) =>
      start(
        plan.nodes.filter(({ role }) => role === 'worker'),
        both,
      ),
    (both) => apiReady(plan, api, services, progress, both),
  );
  await bringUp(plan, api, services, imageNames.coredns, progress, signal);
  await writeState({ ...state, phase: 'up' });
}
