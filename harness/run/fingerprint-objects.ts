import { asList, connect, faultLabel, runLabel, type KubeObject } from '../kube/index.ts';
import type { Cluster } from '../model/cluster.ts';
import { messageOf } from '../model/errors.ts';
import type { Json } from '../model/json.ts';

/** What every mark of ours in the API begins with: labels, annotations, finalizers. */
const ours = 'shakedown.dev/';
/** Kubernetes itself puts these on a node and takes them off, as its conditions come and go. */
const ofConditions = 'node.kubernetes.io/';

const workloads = ['deployments', 'statefulsets', 'daemonsets'].map((kind) => `/apis/apps/v1/${kind}`);
/** What a fault may make, each with the label of faults. */
const made = [
  ...['namespaces', 'pods', 'services'].map((kind) => `/api/v1/${kind}`),
  ...['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'].map(
    (kind) => `/apis/admissionregistration.k8s.io/v1/${kind}`,
  ),
];

/**
 * What a fault could leave in the API, as lines that can be compared: cordons, taints, finalizers and marks of ours on the nodes,
 * every field of what the workloads of runs ask for, and what faults have made. That the API does not answer is such a line, too.
 * @param more what else is to be said of each node
 */
export async function describeObjects(
  { kubeconfig }: Pick<Cluster, 'kubeconfig'>,
  signal: AbortSignal,
  more: (node: KubeObject) => readonly string[] = () => [],
): Promise<readonly string[]> {
  const client = connect(kubeconfig);
  const list = async (path: string, labelSelector = ''): Promise<readonly KubeObject[]> =>
    asList(await client.request(path, { query: { labelSelector }, signal, timeoutMs: 5_000 })).items;
  try {
    const [nodes, asked, left] = await Promise.all([
      list('/api/v1/nodes'),
      Promise.all(workloads.map((path) => list(path, runLabel))),
      Promise.all(made.map((path) => list(path, faultLabel))),
    ]);
    return [
      ...nodes.flatMap((node) => [...linesOfNode(node), ...more(node)]),
      ...asked.flatMap((items, at) => items.flatMap((item) => linesOfWorkload(lastWord(workloads[at]), item))),
      ...left.flatMap((items, at) => items.map((item) => `made by a fault\t${lastWord(made[at])} ${fullName(item)}`)),
    ];
  } catch (error) {
    signal.throwIfAborted();
    return [`api\tdoes not answer: ${messageOf(error)}`];
  } finally {
    client.close();
  }
}

const lastWord = (path = ''): string => path.slice(path.lastIndexOf('/') + 1);
const fullName = ({ metadata: { namespace, name } }: KubeObject): string =>
  namespace === undefined ? name : `${namespace}/${name}`;

interface NodeSpec {
  readonly unschedulable?: boolean;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
}

/** Exported for its test. */
export function linesOfNode({ metadata, ...node }: KubeObject): readonly string[] {
  const { unschedulable = false, taints = [] } = node['spec'] as NodeSpec;
  const { name, finalizers = [], labels = {}, annotations = {} } = metadata;
  const marks = Object.keys({ ...labels, ...annotations }).filter((key) => key.startsWith(ours));
  return [
    ...(unschedulable ? [`cordon\t${name}`] : []),
    ...taints
      .filter(({ key }) => !key.startsWith(ofConditions))
      .map(({ key, value = '', effect }) => `taint\t${name} ${key}=${value}:${effect}`),
    ...finalizers.map((finalizer) => `finalizer\t${name} ${finalizer}`),
    ...marks.map((key) => `mark\t${name} ${key}`),
  ];
}

/** Exported for its test. */
export function linesOfWorkload(kind: string, object: KubeObject): readonly string[] {
  const subject = `${kind} ${fullName(object)}`;
  const { finalizers = [] } = object.metadata;
  return [
    ...finalizers.map((finalizer) => `finalizer\t${subject} ${finalizer}`),
    ...fields('spec', object['spec'] as Json).map((field) => `asked\t${subject} ${field}`),
  ];
}

/** Every value below, with the path to it. */
function fields(path: string, value: Json | undefined): readonly string[] {
  if (typeof value !== 'object' || value === null) return [`${path}: ${JSON.stringify(value)}`];
  if (Array.isArray(value)) return value.flatMap((item: Json, at) => fields(`${path}[${String(at)}]`, item));
  return Object.entries(value).flatMap(([key, item]) => fields(`${path}.${key}`, item));
}
