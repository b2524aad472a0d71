import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Cluster, ClusterFacts, Place, PowerSwitch } from '../../model/cluster.ts';
import { HarnessError } from '../../model/errors.ts';
import { buildOwnProgram, type OwnProgram } from '../../toolchain/own-programs.ts';
import { hostShell } from '../../util/exec.ts';
import { loadOn } from './images.ts';
import { nodeShell, type NodeShell } from './node-shell.ts';
import { clusterPaths, type ClusterPaths } from './paths.ts';
import { apiPort } from './pki/layout.ts';
import { placeNamed } from './places.ts';
import type { NodePlan } from './plan.ts';
import { powerSwitch } from './power.ts';
import { programPath } from './programs.ts';
import { removeCluster } from './remove.ts';
import { controlPlanes, etcdctl } from './services/control-plane.ts';
import type { ClusterState } from './state.ts';

/** A cluster that runs on this machine, by its stored state. */
export class LocalCluster implements Cluster {
  readonly facts: ClusterFacts;
  readonly kubeconfig: string;
  readonly host = hostShell;
  readonly #state: ClusterState;
  readonly #paths: ClusterPaths;

  constructor(state: ClusterState) {
    this.#state = state;
    this.#paths = clusterPaths(state.plan.name);
    this.kubeconfig = this.#paths.kubeconfig;
    this.facts = factsOf(state);
  }

  node(name: string): NodeShell {
    return nodeShell(this.#known(name), this.#state);
  }

  power(name: string): PowerSwitch {
    return powerSwitch(this.#known(name), this.#state);
  }

  async place(name: string): Promise<Place> {
    return placeNamed(name, this.#state);
  }

  async loadImages(archives: readonly string[], signal: AbortSignal): Promise<void> {
    await loadOn(this.#state, archives, signal);
  }

  async buildProgram(program: OwnProgram, signal: AbortSignal): Promise<string> {
    return await buildOwnProgram(program, () => undefined, signal);
  }

  async collectLogs(directory: string): Promise<void> {
    await Promise.all(
      this.#state.plan.nodes.map(async ({ name }) => {
        const paths = this.#paths.node(name);
        const target = join(directory, name);
        await mkdir(target, { recursive: true });
        await cp(join(paths.var, 'log'), target, { recursive: true, verbatimSymlinks: true });
        await cp(paths.console, join(target, 'console.log'), { force: true });
      }),
    );
    await mkdir(directory, { recursive: true });
    await cp(join(this.#paths.endpoint, 'haproxy.log'), join(directory, 'haproxy.log'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeCluster(this.#state.plan.name);
  }

  #known(name: string): NodePlan {
    const { nodes } = this.#state.plan;
    const node = nodes.find((each) => each.name === name);
    if (node !== undefined) return node;
    const names = nodes.map((each) => each.name).join(', ');
    throw new HarnessError('unknown-name', `Cluster '${this.facts.name}' has no node '${name}'; it has ${names}`);
  }
}

function factsOf({ plan, kubernetesVersion, programs }: ClusterState): ClusterFacts {
  const url = (address: string): string => `https://${address}:${String(apiPort)}`;
  return {
    name: plan.name,
    provider: 'local',
    owned: true,
    kubernetesVersion,
    nodes: plan.nodes.map(({ name, role, zone, address }) => ({ name, role, zone, address })),
    capabilities: ['node-shell', 'power', 'etcd', 'places'],
    apiEndpoint: url(plan.endpointAddress),
    apiServers: controlPlanes(plan).map(({ name, address }) => ({ node: name, url: url(address) })),
    etcd: { wiring: plan.etcd, etcdctl: etcdctl(programPath(programs)) },
  };
}
