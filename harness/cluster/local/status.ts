import { readFile } from 'node:fs/promises';

import { exec } from '../../util/exec.ts';
import { attachLocal } from './attach.ts';
import { nodeInit } from './node-shell.ts';
import { clusterPaths } from './paths.ts';
import { programPath } from './programs.ts';
import type { NodePlan } from './plan.ts';
import { powerSwitch } from './power.ts';
import type { ClusterState } from './state.ts';

export interface NodeStatus {
  readonly name: string;
  readonly role: string;
  readonly zone: string | null;
  readonly address: string;
  readonly power: 'on' | 'off';
  readonly link: 'up' | 'down';
  /** `Ready`, `NotReady`, `Unknown`, or `no answer` when the API does not say. */
  readonly ready: string;
  /** The services of the node that do not run. */
  readonly services: readonly string[];
}

export interface ClusterStatus {
  readonly name: string;
  readonly kubernetesVersion: string;
  readonly endpoint: string;
  readonly endpointState: 'answers' | 'no answer';
  readonly etcd: string;
  readonly since: string;
  readonly kubeconfig: string;
  readonly nodes: readonly NodeStatus[];
}

/** How a cluster is, by the kernel and by its API. @throws HarnessError `unknown-name` | `cluster-state` */
export async function clusterStatus(name: string): Promise<ClusterStatus> {
  const state = await attachLocal(name);
  const { plan, hostPort, createdAt, kubernetesVersion } = state;
  const ready = await readiness(state);
  return {
    name,
    kubernetesVersion,
    endpoint: `https://127.0.0.1:${String(hostPort)}`,
    endpointState: ready === null ? 'no answer' : 'answers',
    etcd: `wired to ${plan.etcd === 'own' ? 'its own API server' : 'every API server'}`,
    since: createdAt,
    kubeconfig: clusterPaths(name).kubeconfig,
    nodes: await Promise.all(plan.nodes.map((node) => nodeStatus(node, state, ready))),
  };
}

async function nodeStatus(
  node: NodePlan,
  state: ClusterState,
  ready: ReadonlyMap<string, string> | null,
): Promise<NodeStatus> {
  const { power, link } = await powerSwitch(node, state).state();
  return {
    name: node.name,
    role: node.role,
    zone: node.zone,
    address: node.address,
    power,
    link,
    ready: ready === null ? 'no answer' : (ready.get(node.name) ?? 'not registered'),
    services: power === 'off' ? [] : await stoppedServices(node, state),
  };
}

/** By the supervisors' own files, which are in the node's /run. */
async function stoppedServices(node: NodePlan, { plan, services }: ClusterState): Promise<readonly string[]> {
  const init = nodeInit(plan.name, node.name);
  if (init === null) return [];
  const names = services[node.role];
  const states = await Promise.all(
    names.map((name) =>
      readFile(`/proc/${String(init.pid)}/root/run/service/${name}/supervise/stat`, 'utf8').catch(
        () => 'no supervisor',
      ),
    ),
  );
  return names.filter((_, at) => states[at]?.startsWith('run') !== true);
}

async function readiness(state: ClusterState): Promise<ReadonlyMap<string, string> | null> {
  const kubectl = [programPath(state.programs)('kubectl'), '--kubeconfig', clusterPaths(state.plan.name).kubeconfig];
  const { stdout, exitCode } = await exec([...kubectl, '--request-timeout=3s', 'get', 'nodes', '-o', 'json'], {
    allowFailure: true,
    timeoutMs: 10_000,
  }).catch(() => ({ stdout: '', exitCode: 1 }));
  if (exitCode !== 0) return null;
  const { items } = JSON.parse(stdout) as { readonly items: readonly NodeObject[] };
  return new Map(items.map(({ metadata, status }) => [metadata.name, wordFor(status.conditions)]));
}

interface NodeObject {
  readonly metadata: { readonly name: string };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

function wordFor(conditions: NodeObject['status']['conditions']): string {
  const status = conditions?.find(({ type }) => type === 'Ready')?.status;
  return status === 'True' ? 'Ready' : status === 'False' ? 'NotReady' : 'Unknown';
}
