import { z } from 'zod';

import { connect, type KubeClient, type KubeList, type KubeObject } from '../../harness/kube/index.ts';
import type { ClusterFacts } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { FaultContext } from '../../harness/model/fault.ts';

/** How a scenario names the pods that a fault takes; what is left open is chosen from the seed. */
export const podChoice = {
  namespace: z.string().min(1).default('shakedown'),
  /** Labels that a pod must have, such as `app=web,tier=front`. */
  selector: z
    .string()
    .regex(/^[^=,\s]+=[^=,\s]+(,[^=,\s]+=[^=,\s]+)*$/, 'expected labels such as app=web')
    .default('app=web'),
  /** Only pods on this node. */
  node: z.string().min(1).optional(),
  /** Only pods on nodes of this zone. */
  zone: z.string().min(1).optional(),
};

/** How many of the pods: a number, or a share of those that fit, rounded up. */
export const podAmount = {
  count: z.int().min(1).default(1),
  percentage: z.int().min(1).max(100).optional(),
};

export interface PodChoice {
  readonly namespace: string;
  readonly selector: string;
  readonly node?: string | undefined;
  readonly zone?: string | undefined;
  readonly count: number;
  readonly percentage?: number | undefined;
}

/** What of a pod a plan keeps. */
export type PodTarget = {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  readonly address: string;
  readonly ownerKind: string;
  readonly ownerName: string;
  readonly containers: readonly { readonly name: string; readonly id: string; readonly restarts: number }[];
};

export interface Pod extends PodTarget {
  readonly ready: boolean;
  readonly terminating: boolean;
  readonly phase: string;
  /** A pod that the kubelet reads from a file. */
  readonly mirror: boolean;
}

interface RawStatus {
  readonly phase?: string;
  readonly podIP?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  readonly containerStatuses?: readonly {
    readonly name: string;
    readonly containerID?: string;
    readonly restartCount: number;
  }[];
}

/** Reduces a pod of the API to what the faults use. */
export function readPod({ metadata, ...pod }: KubeObject): Pod {
  const spec = pod['spec'] as { readonly nodeName?: string } | undefined;
  const status = (pod['status'] ?? {}) as RawStatus;
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return {
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    uid: metadata.uid,
    node: spec?.nodeName ?? '',
    address: status.podIP ?? '',
    ownerKind: owner?.kind ?? '',
    ownerName: owner?.name ?? '',
    containers: (status.containerStatuses ?? []).map(({ name, containerID = '', restartCount }) => ({
      name,
      id: containerID.replace(/^\w+:\/\//, ''),
      restarts: restartCount,
    })),
    ready: status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true,
    terminating: metadata.deletionTimestamp !== undefined,
    phase: status.phase ?? 'Unknown',
    mirror: metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined,
  };
}

/** The pods of a namespace (all of them when it is empty) with those labels. */
export async function listPods(
  client: KubeClient,
  namespace: string,
  signal: AbortSignal,
  query: Readonly<Record<string, string>> = {},
): Promise<readonly Pod[]> {
  const path = namespace === '' ? '/api/v1/pods' : `/api/v1/namespaces/${namespace}/pods`;
  const { items } = (await client.request(path, { query, signal, timeoutMs: 5_000 })) as KubeList;
  return items.map(readPod).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Lends a client for the API. */
export async function withClient<T>({ cluster }: FaultContext, use: (client: KubeClient) => Promise<T>): Promise<T> {
  const client = connect(cluster.kubeconfig);
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

export const podPath = ({ namespace, name }: PodTarget): string => `/api/v1/namespaces/${namespace}/pods/${name}`;

/** How a plan names a pod among its targets. */
export const podName = ({ namespace, name }: PodTarget): string => `pod ${namespace}/${name}`;

/** `1 pod`, `2 pods`. */
export const podsInWords = (count: number): string => `${String(count)} pod${count === 1 ? '' : 's'}`;

/** Why no such pods can be here, as a sentence, or null. Whether there are any is only known from the live cluster. */
export function podObstacle(
  { name, nodes }: ClusterFacts,
  { node, zone }: Pick<PodChoice, 'node' | 'zone'>,
): string | null {
  if (node !== undefined && !nodes.some((each) => each.name === node)) return `${name} has no node named ${node}.`;
  if (zone !== undefined && !nodes.some((each) => each.zone === zone)) return `${name} has no node in zone ${zone}.`;
  return null;
}

const amountOf = ({ count, percentage }: PodChoice, fitting: number): number =>
  percentage === undefined ? count : Math.ceil((fitting * percentage) / 100);

/**
 * Chooses Ready pods from the seed.
 * @throws HarnessError `refused` when there are fewer than asked for, or one that no controller would replace
 */
export async function choosePods(context: FaultContext, choice: PodChoice): Promise<readonly PodTarget[]> {
  const { cluster, random, signal } = context;
  const zoneOf = new Map(cluster.facts.nodes.map(({ name, zone }) => [name, zone]));
  const all = await withClient(context, (client) =>
    listPods(client, choice.namespace, signal, { labelSelector: choice.selector }),
  );
  const fitting = all.filter(
    ({ ready, terminating, node }) =>
      ready &&
      !terminating &&
      (choice.node === undefined || node === choice.node) &&
      (choice.zone === undefined || zoneOf.get(node) === choice.zone),
  );
  const wanted = amountOf(choice, fitting.length);
  const where = `${choice.selector} in ${choice.namespace}${choice.node === undefined ? '' : ` on ${choice.node}`}${choice.zone === undefined ? '' : ` in ${choice.zone}`}`;
  if (fitting.length === 0) throw new HarnessError('refused', `No Ready pod has ${where}`);
  if (wanted > fitting.length)
    throw new HarnessError(
      'refused',
      `${String(wanted)} pods were asked for, and ${String(fitting.length)} Ready ones have ${where}`,
    );
  const orphan = fitting.find(({ ownerKind }) => ownerKind === '');
  if (orphan !== undefined)
    throw new HarnessError('refused', `${podName(orphan)} has no controller: nothing would replace it`);
  return random.fork('target').sample(fitting, wanted).map(targetOf);
}

/** A pod without what changes by itself. */
export const targetOf = ({
  namespace,
  name,
  uid,
  node,
  address,
  ownerKind,
  ownerName,
  containers,
}: Pod): PodTarget => ({
  namespace,
  name,
  uid,
  node,
  address,
  ownerKind,
  ownerName,
  containers,
});
