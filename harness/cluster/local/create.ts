import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { ClusterSpec, Progress } from '../../model/cluster.ts';
import { HarnessError, messageOf } from '../../model/errors.ts';
import {
  buildArchive,
  cacheDirectory,
  corednsImage,
  imageNames,
  pauseImage,
  agnhostImage,
  etcdImage,
} from '../../toolchain/index.ts';
import { pins } from '../../toolchain/pins.ts';
import { readKindConfig } from '../kind-config.ts';
import { BootApi } from './api.ts';
import { bringUp, powerOn, startEndpoint } from './boot.ts';
import { cgroupOf, hierarchies, makeCgroups } from './cgroups.ts';
import { choosePort, haproxyConfig } from './endpoint.ts';
import { claimHost } from './host-settings.ts';
import { imagesIn, writeImages, type ImageList } from './images.ts';
import { kubeconfig } from './kubeconfig.ts';
import { claimName } from './name-claim.ts';
import { makeNetwork } from './network.ts';
import { writeNodeFiles } from './node-files.ts';
import { clusterPaths } from './paths.ts';
import { createCredentials, type Credentials } from './pki/layout.ts';
import { planCluster, remarks, type ClusterPlan, type NodePlan } from './plan.ts';
import { bootId, markOf } from './processes.ts';
import { ensureClusterPrograms, programPath, searchPath } from './programs.ts';
import { removeCluster } from './remove.ts';
import { plantStore, seedStore } from './seed.ts';
import { controlPlaneServices } from './services/control-plane.ts';
import type { ProgramPath, Service } from './services/service.ts';
import { workerServices } from './services/worker.ts';
import { writeState, type ClusterState } from './state.ts';
import { failureReport } from './failure.ts';

/** Boots a cluster; after a failure or an abort nothing of it is left. */
export async function createCluster(
  name: string,
  spec: ClusterSpec,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const config = await readKindConfig(spec.config);
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
  const [credentials, store, groups] = await Promise.all([
    createCredentials(plan),
    systemStore(program, progress, signal),
    hierarchies(),
    makeNetwork(plan, program, signal),
    makeCgroups(groupsOf(plan, program)),
  ]);
  await writeClusterFiles(plan, hostPort, credentials);
  progress('writing the nodes');
  await Promise.all(plan.nodes.map((node) => prepareNode(node, state, credentials, groups, store)));
  progress('switching the nodes on');
  const paths = clusterPaths(plan.name);
  await startEndpoint(
    plan,
    haproxyConfig(plan, hostPort, paths.authority, `${paths.endpoint}/admin.sock`),
    { haproxy: program('haproxy'), runsv: program('runsv') },
    groups.map((hierarchy) => `${hierarchy}${cgroupOf(plan.name, 'lab')}/cgroup.procs`),
    signal,
  );
  await powerOn(plan, signal);
  using api = new BootApi(hostPort, credentials.authority, credentials.admin);
  await bringUp(plan, api, (node) => servicesOf(node, plan, program), imageNames.coredns, progress, signal);
  await writeState({ ...state, phase: 'up' });
}

interface SystemStore {
  readonly seed: string;
  readonly images: ImageList;
}

/** The images that the cluster itself needs, and those of which most workloads are made: they cost nothing here. */
async function systemStore(program: ProgramPath, progress: Progress, signal: AbortSignal): Promise<SystemStore> {
  const recipes = [
    pauseImage(program('pause')),
    corednsImage(program('coredns')),
    agnhostImage(program('agnhost')),
    etcdImage({ etcd: program('etcd'), etcdctl: program('etcdctl') }),
  ];
  const archive = await buildArchive(recipes, progress, signal);
  return {
    seed: await seedStore([archive], cacheDirectory(), program, progress, signal),
    images: await imagesIn(archive),
  };
}

export function servicesOf(node: NodePlan, plan: ClusterPlan, program: ProgramPath): readonly Service[] {
  return [
    ...(node.role === 'control-plane' ? controlPlaneServices(node, plan, program) : []),
    ...workerServices(node, plan, program),
  ];
}

function serviceNames(plan: ClusterPlan, program: ProgramPath): ClusterState['services'] {
  const namesOf = (role: NodePlan['role']): readonly string[] => {
    const node = plan.nodes.find((each) => each.role === role);
    return node === undefined ? [] : servicesOf(node, plan, program).map(({ name }) => name);
  };
  return { 'control-plane': namesOf('control-plane'), worker: namesOf('worker') };
}

function groupsOf(plan: ClusterPlan, program: ProgramPath): readonly string[] {
  return [
    cgroupOf(plan.name, 'lab'),
    ...plan.nodes.flatMap((node) =>
      servicesOf(node, plan, program).map(({ name }) => cgroupOf(plan.name, node.name, 'system', name)),
    ),
  ];
}

async function writeClusterFiles(plan: ClusterPlan, hostPort: number, credentials: Credentials): Promise<void> {
  const paths = clusterPaths(plan.name);
  const text = kubeconfig(
    plan.name,
    `https://127.0.0.1:${String(hostPort)}`,
    credentials.authority,
    'kubernetes-admin',
    credentials.admin,
  );
  await mkdir(paths.endpoint, { recursive: true });
  await mkdir(paths.places, { recursive: true });
  await writeFile(paths.authority, credentials.authority);
  await writeFile(paths.kubeconfig, text, { mode: 0o600 });
}

async function prepareNode(
  node: NodePlan,
  { plan, programs }: ClusterState,
  credentials: Credentials,
  groups: readonly string[],
  store: SystemStore,
): Promise<void> {
  const cluster = clusterPaths(plan.name);
  const paths = cluster.node(node.name);
  const program = programPath(programs);
  const hidden = Object.values(programs)
    .map((path) => dirname(path))
    .filter((folder) => /^\/(var|tmp|run)\//.test(folder));
  const scripts = {
    cluster: plan.name,
    node,
    paths,
    services: servicesOf(node, plan, program),
    program,
    searchPath: searchPath(programs),
    keep: [cluster.root, ...new Set(hidden)],
    hierarchies: groups,
  };
  const images = { pause: imageNames.pause, cniFolder: program('cni-plugins') };
  await writeNodeFiles(scripts, plan, credentials.nodes.get(node.name) ?? new Map<string, string>(), images);
  await plantStore(store.seed, `${paths.var}/lib/containerd`);
  await writeImages(paths.images, store.images);
}
