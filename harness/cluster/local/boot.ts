import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Progress } from '../../model/cluster.ts';
import { HarnessError } from '../../model/errors.ts';
import { eventually, notYet, yes } from '../../util/eventually.ts';
import { exec } from '../../util/exec.ts';
import type { BootApi } from './api.ts';
import { dnsManifests } from './dns.ts';
import { someServing, spreadClients } from './endpoint-admin.ts';
import { clusterPaths } from './paths.ts';
import type { ClusterPlan, NodePlan } from './plan.ts';
import { controlPlanes } from './services/control-plane.ts';
import type { Service } from './services/service.ts';
import { mayLabelItself } from './services/worker.ts';
import { endFirstBoot, startStage } from './stages.ts';
import { together } from './together.ts';

/** Switches a node on; returns when its supervisor runs. */
export async function powerOn(plan: ClusterPlan, node: NodePlan, signal: AbortSignal): Promise<void> {
  await exec(['sh', clusterPaths(plan.name).node(node.name).powerOnScript], { signal });
}

/** Starts the load balancer before the API servers, under a supervisor of its own on the machine. */
export async function startEndpoint(
  plan: ClusterPlan,
  config: string,
  programs: { readonly haproxy: string; readonly runsv: string },
  procs: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { endpoint } = clusterPaths(plan.name);
  const service = join(endpoint, 'service');
  await mkdir(service, { recursive: true });
  await writeFile(join(endpoint, 'haproxy.cfg'), config);
  await writeFile(
    join(service, 'run'),
    `#!/bin/sh\nexec >> ${join(endpoint, 'haproxy.log')} 2>&1\nexec ${programs.haproxy} -db -f ${join(endpoint, 'haproxy.cfg')}\n`,
    { mode: 0o755 },
  );
  const enter = procs.map((file) => `echo $$ > ${file}`).join('; ');
  await exec(['sh', '-c', `${enter}; setsid ${programs.runsv} ${service} < /dev/null > ${endpoint}/runsv.log 2>&1 &`], {
    signal,
  });
}

/** Waits for the API, and starts the kubelets as soon as they will not be early. */
export async function apiReady(
  plan: ClusterPlan,
  api: BootApi,
  services: (node: NodePlan) => readonly Service[],
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  progress('waiting for the API server');
  await someServing(clusterPaths(plan.name).endpointSocket, signal);
  progress('an API server serves; starting the kubelets');
  await startStage('serving', plan, services, signal);
  await eventually('the API to be ready', { withinMs: 120_000, everyMs: 50, signal, transient }, async () => {
    const { status, body } = await api.ask('GET', '/readyz', signal);
    return status === 200 ? yes(null) : notYet(`${String(status)} ${body.slice(0, 200)}`);
  });
}

/** Starts what waited for the API, and brings the cluster to where pods can run. */
export async function bringUp(
  plan: ClusterPlan,
  api: BootApi,
  services: (node: NodePlan) => readonly Service[],
  dnsImage: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  progress('the API is ready; starting controllers');
  await startStage('api', plan, services, signal);
  await together(
    signal,
    (both) => createDns(plan, api, dnsImage, both),
    (both) => nodesReady(plan, api, progress, both),
  );
  progress('all nodes are Ready; starting schedulers and service routing');
  await startStage('nodes', plan, services, signal);
  await endFirstBoot(plan);
  const { endpointSocket } = clusterPaths(plan.name);
  await spreadClients(
    endpointSocket,
    controlPlanes(plan).map(({ name }) => name),
    signal,
  );
  await together(
    signal,
    (both) => accountReady(api, both),
    (both) => dnsReady(api, both),
  );
}

/** The load balancer answers before any server does, a server before its roles are made, and on a busy machine none in time. */
const transient = (error: unknown): boolean =>
  error instanceof HarnessError
    ? error.code === 'command-failed'
    : ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'].includes((error as NodeJS.ErrnoException).code ?? '');

async function createDns(plan: ClusterPlan, api: BootApi, image: string, signal: AbortSignal): Promise<void> {
  for (const [path, manifest] of dnsManifests(plan, image)) {
    await eventually(
      `${manifest.kind} ${manifest.metadata.name}`,
      { withinMs: 30_000, signal, transient },
      async () => {
        const { status, body } = await api.ask('POST', path, signal, manifest);
        return status === 201 || status === 409 ? yes(null) : notYet(`${String(status)} ${body.slice(0, 300)}`);
      },
    );
  }
}

interface NodeObject {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly podCIDR?: string };
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message: string }[];
  };
}

/** Waits until every node is Ready; gives each what it may not give itself as soon as it registers. */
async function nodesReady(plan: ClusterPlan, api: BootApi, progress: Progress, signal: AbortSignal): Promise<void> {
  const patched = new Set<string>();
  let told = -1;
  await eventually('every node to be Ready', { withinMs: 120_000, everyMs: 100, signal, transient }, async () => {
    const { items } = await api.want<{ readonly items: readonly NodeObject[] }>('GET', '/api/v1/nodes', signal);
    for (const { metadata } of items) {
      const node = plan.nodes.find(({ name }) => name === metadata.name);
      if (node === undefined || patched.has(node.name)) continue;
      await api.want('PATCH', `/api/v1/nodes/${node.name}`, signal, nodePatch(node));
      patched.add(node.name);
    }
    const waiting = plan.nodes.filter(({ name }) => {
      const conditions = items.find(({ metadata }) => metadata.name === name)?.status.conditions ?? [];
      return !patched.has(name) || !conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
    });
    const ready = plan.nodes.length - waiting.length;
    if (ready !== told) progress(`${String(ready)} of ${String(plan.nodes.length)} nodes Ready`);
    told = ready;
    return waiting.length === 0 ? yes(null) : notYet(`not Ready: ${waiting.map(({ name }) => name).join(', ')}`);
  });
}

const nodePatch = (node: NodePlan): object => ({
  metadata: {
    labels: {
      ...Object.fromEntries(Object.entries(node.labels).filter(([name]) => !mayLabelItself(name))),
      ...(node.role === 'control-plane' ? { 'node-role.kubernetes.io/control-plane': '' } : {}),
    },
  },
  spec: { podCIDR: node.podCidr, podCIDRs: [node.podCidr] },
});

async function accountReady(api: BootApi, signal: AbortSignal): Promise<void> {
  const path = '/api/v1/namespaces/default/serviceaccounts/default';
  await eventually('the default service account', { withinMs: 120_000, everyMs: 100, signal, transient }, async () => {
    const { status } = await api.ask('GET', path, signal);
    return status === 200 ? yes(null) : notYet(String(status));
  });
}

async function dnsReady(api: BootApi, signal: AbortSignal): Promise<void> {
  const path = '/apis/apps/v1/namespaces/kube-system/deployments/coredns';
  await eventually('CoreDNS to be ready', { withinMs: 120_000, everyMs: 100, signal, transient }, async () => {
    const { status } = await api.want<{ readonly status: { readonly readyReplicas?: number } }>('GET', path, signal);
    return (status.readyReplicas ?? 0) >= 1 ? yes(null) : notYet('no replica is ready');
  });
}
