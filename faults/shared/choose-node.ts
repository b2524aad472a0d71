import { z } from 'zod';

import { connect, type KubeClient, type KubeList } from '../../harness/kube/index.ts';
import type { ClusterFacts, NodeFacts } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { FaultContext } from '../../harness/model/fault.ts';

/** How a scenario names the node that a fault takes; what is left open is chosen from the seed. */
export const nodeChoice = {
  /** Exactly this node. */
  node: z.string().min(1).optional(),
  /** A node of this zone. */
  zone: z.string().min(1).optional(),
  /** Nodes of this role. */
  role: z.enum(['worker', 'control-plane']).default('worker'),
  /** A node that runs pods of this label in any namespace, such as `app=web`. */
  running: z
    .string()
    .regex(/^[^=,\s]+=[^=,\s]+$/, 'expected a label such as app=web')
    .optional(),
};

export interface NodeChoice {
  readonly node?: string | undefined;
  readonly zone?: string | undefined;
  readonly role: NodeFacts['role'];
  readonly running?: string | undefined;
}

/** Why no node of the cluster fits the choice, as a sentence, or null. */
export function choiceObstacle(facts: ClusterFacts, choice: NodeChoice): string | null {
  if (candidates(facts, choice).length > 0) return null;
  const { node, zone, role } = choice;
  if (node !== undefined)
    return `${facts.name} has no node named ${node}${zone === undefined ? '' : ` in zone ${zone}`}.`;
  return `${facts.name} has no ${role} node${zone === undefined ? '' : ` in zone ${zone}`}.`;
}

const candidates = (facts: ClusterFacts, { node, zone, role }: NodeChoice): readonly NodeFacts[] =>
  facts.nodes.filter(
    (each) =>
      (node === undefined ? each.role === role : each.name === node) && (zone === undefined || each.zone === zone),
  );

/**
 * The node to take, from the seed, and a witness: another node that stays and can tell what became of it.
 * @throws HarnessError `refused` when it is not Ready, or no Ready node of its role would be left
 */
export async function chooseNode(
  context: FaultContext,
  choice: NodeChoice,
): Promise<{ readonly target: NodeFacts; readonly witness: NodeFacts; readonly control: NodeFacts }> {
  const { cluster, random, signal } = context;
  const { facts } = cluster;
  const client = connect(cluster.kubeconfig);
  try {
    const ready = await readyNodes(client, signal);
    const fitting = candidates(facts, choice);
    const hosts = choice.running === undefined ? null : await nodesRunning(client, choice.running, signal);
    const able = fitting.filter(({ name }) => ready.has(name) && hosts?.has(name) !== false);
    if (able.length === 0) throw new HarnessError('refused', noneFits(fitting, ready, choice));
    const target = random.fork('target').pick(able);
    const others = facts.nodes.filter(({ name }) => name !== target.name && ready.has(name));
    if (!others.some(({ role }) => role === target.role)) {
      throw new HarnessError(
        'refused',
        `${target.name} is the only Ready ${target.role} node: taking it would leave none`,
      );
    }
    const [witness, control = witness] = random.fork('witness').sample(others, Math.min(2, others.length));
    if (witness === undefined || control === undefined)
      throw new HarnessError('bug', 'no witness among the Ready nodes');
    return { target, witness, control };
  } finally {
    client.close();
  }
}

function noneFits(fitting: readonly NodeFacts[], ready: ReadonlySet<string>, { running }: NodeChoice): string {
  const unready = fitting.filter(({ name }) => !ready.has(name)).map(({ name }) => name);
  if (unready.length === fitting.length)
    return `${unready.join(', ') || 'No node'} is not Ready, so its loss would show nothing`;
  return `None of ${fitting.map(({ name }) => name).join(', ')} runs a pod of ${running ?? 'that label'}`;
}

interface Nodes {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  }[];
}

/** The names of the nodes that the API calls Ready. */
export async function readyNodes(client: KubeClient, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const { items } = (await client.request('/api/v1/nodes', { signal })) as Nodes;
  const isReady = ({ status }: Nodes['items'][number]): boolean =>
    status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
  return new Set(items.filter(isReady).map(({ metadata }) => metadata.name));
}

async function nodesRunning(client: KubeClient, label: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const { items } = (await client.request('/api/v1/pods', { query: { labelSelector: label }, signal })) as KubeList;
  const names = items.map((pod) => (pod['spec'] as { readonly nodeName?: string } | undefined)?.nodeName);
  return new Set(names.filter((name) => name !== undefined));
}
