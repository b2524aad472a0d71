import type { Condition, KubeObject } from '../../harness/kube/index.ts';
import type { Cluster, Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import { fingerprint, type Fingerprint } from '../../harness/run/fingerprint.ts';
import { describeObjects } from '../../harness/run/fingerprint-objects.ts';
import { leashDefaults } from '../../harness/run/leash.ts';

/**
 * The nodes from inside, and of the API what faults change: taints, cordons, conditions, what the workloads ask for.
 * @param only these nodes, and the API if `api` is one of them; everything by default
 */
export async function describeCluster(
  cluster: Cluster,
  signal: AbortSignal,
  only: readonly string[] | null = null,
): Promise<Fingerprint> {
  const nodes = cluster.facts.nodes.filter(({ name }) => only?.includes(name) ?? true);
  const some = { facts: { ...cluster.facts, nodes }, node: (name: string) => cluster.node(name) };
  const withApi = only?.includes('api') ?? true;
  const [described, api] = await Promise.all([
    fingerprint(some, signal),
    withApi ? describeObjects(cluster, signal, conditionsOf) : null,
  ]);
  return new Map([...described, ...(api === null ? [] : [['api', api] as const])]);
}

/** What is expected of a cluster at rest beside what no fault may leave: that every node is as well as it was. */
function conditionsOf({ metadata: { name }, ...node }: KubeObject): readonly string[] {
  const { conditions } = node['status'] as { readonly conditions: readonly Condition[] };
  return conditions.map(({ type, status }) => `condition\t${name} ${type}=${status}`);
}

/** A leash as its folder tells. */
export interface HeldLeash {
  /** The name of the node's or the host's shell. */
  readonly where: string;
  /** Of the injection. */
  readonly mark: string;
  /** `armed`, or the second of the machine's uptime at which it fired. */
  readonly state: string;
}

/** @param only on these nodes or on the host, by the names of their shells; everywhere by default */
export async function leashesOf(
  cluster: Cluster,
  only: readonly string[] | null = null,
): Promise<readonly HeldLeash[]> {
  const script = `for d in "$1"/"$2"-*; do [ -d "$d" ] && echo "$d $(cat "$d/fired" 2>/dev/null || echo armed)"; done; true`;
  const argv = ['sh', '-c', script, 'leashes', leashDefaults.folder, cluster.facts.name];
  const shells = shellsOf(cluster).filter(({ name }) => only?.includes(name) ?? true);
  const found = shells.map(async (shell) => {
    const lines = (await answerOf(shell, argv)).split('\n').filter((line) => line !== '');
    return lines.map((line) => {
      const [folder = '', state = ''] = line.split(' ');
      return { where: shell.name, mark: folder.split('-').at(-2) ?? '', state };
    });
  });
  return (await Promise.all(found)).flat();
}

/** The processes on nodes and host that carry one of these marks of injections, as sentences. */
export async function processesOf(cluster: Cluster, marks: readonly string[]): Promise<readonly string[]> {
  if (marks.length === 0) return [];
  // The marks come by standard input, so that the search does not find itself.
  const search = ['sh', '-c', 'cd /proc && grep -slaF -f /dev/stdin [0-9]*/cmdline; true'];
  const processes = shellsOf(cluster).map(async (shell) => {
    return (await answerOf(shell, search, marks.map((mark) => `${mark}\n`).join('')))
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [`${shell.name}: a process of it is left (${line})`]));
  });
  return (await Promise.all(processes)).flat();
}

/** Who is off fails at once; a node that starves, or shares a machine at load 90, may take long. */
const lookLimitMs = 60_000;

/** Empty for a node that is off: it holds no leash that could act, and no process. That it is off is another's finding. */
async function answerOf(shell: Shell, argv: readonly string[], input = ''): Promise<string> {
  try {
    return (await shell.exec(argv, { input, allowFailure: true, timeoutMs: lookLimitMs })).stdout;
  } catch (error) {
    if (error instanceof HarnessError && error.code === 'command-failed') return '';
    throw error;
  }
}

const shellsOf = (cluster: Cluster): readonly Shell[] => [
  ...cluster.facts.nodes.map(({ name }) => cluster.node(name)),
  cluster.host,
];
