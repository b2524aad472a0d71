import { connect } from '../../harness/kube/index.ts';
import type { Cluster, Running, Shell } from '../../harness/model/cluster.ts';
import { eventually, notYet, yes } from '../../harness/util/eventually.ts';
import type { Sign } from './skew.ts';

const canary = 'shakedown_canary';

/**
 * Looks a hundred times a second whether a process of the control plane is stopped or gone. A pipe that nobody writes to
 * makes `read` the pause, which needs no process of its own.
 */
const watchProcesses = `
pipe=/run/witness.$$
mkfifo $pipe && exec 3<> $pipe && rm $pipe
pids=
for p in /proc/[0-9]*; do
  read -r comm < $p/comm || continue
  case $comm in etcd | kube-apiserver) pids="$pids $p" ;; esac
done 2> /dev/null
echo ready
while [ -n "$pids" ]; do
  for p in $pids; do
    read -r _ _ state _ < $p/stat && [ "$state" != T ] || { echo hit; exit; }
  done 2> /dev/null
  read -r -t 0.01 -u 3
done
`;

/** Looks at nodes from inside, and at the API, by something other than what injects: the moments at which each was hit. */
export class Witnesses implements AsyncDisposable {
  readonly signs: Sign[] = [];
  readonly #running: Running[] = [];
  readonly #ready = new Set<string>();
  readonly #stop = new AbortController();

  /** Resolves when every one of them was seen to see. */
  static async start(cluster: Cluster, nodes: readonly string[], signal: AbortSignal): Promise<Witnesses> {
    const witnesses = new Witnesses();
    try {
      await Promise.all([
        ...nodes.map((node) => witnesses.#watch(cluster.node(node), signal)),
        witnesses.#api(cluster),
      ]);
      return witnesses;
    } catch (error) {
      await witnesses[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running.splice(0).map((running) => running[Symbol.asyncDispose]()));
  }

  async #watch(shell: Shell, signal: AbortSignal): Promise<void> {
    const { name } = shell;
    // The kernel tells of a table, and of a link without a carrier, whoever made it so.
    this.#listen(shell, ['ip', '-o', 'monitor', 'link'], (line) => {
      if (/\beth0\b.*(NO-CARRIER|LOWERLAYERDOWN|state DOWN)/.test(line)) this.#sign(name);
    });
    this.#listen(shell, ['bash', '-c', watchProcesses], (line) => {
      if (line === 'ready') this.#ready.add(`${name} processes`);
      else this.#sign(name);
    });
    this.#listen(shell, ['nft', 'monitor', 'new', 'tables'], (line) => {
      if (line.includes(canary)) this.#ready.add(`${name} tables`);
      else if (line.includes('shakedown_')) this.#sign(name);
    });
    await eventually(`the witnesses on ${name}`, { withinMs: 10_000, everyMs: 100, signal }, async () => {
      const both = this.#ready.has(`${name} tables`) && this.#ready.has(`${name} processes`);
      if (both) return yes(null);
      await shell.exec(['nft', `add table inet ${canary}; delete table inet ${canary}`], { signal, timeoutMs: 5_000 });
      return notYet([...this.#ready].join(', ') || 'none of them');
    });
  }

  /** A cordon, as a watch of the API delivers it. */
  async #api(cluster: Cluster): Promise<void> {
    const client = connect(cluster.kubeconfig);
    const lines = await client.lines('/api/v1/nodes', { query: { watch: '1' }, signal: this.#stop.signal });
    const read = async (): Promise<void> => {
      for await (const line of lines) {
        const { object } = JSON.parse(line) as {
          readonly object: {
            readonly metadata: { readonly name: string };
            readonly spec?: { unschedulable?: boolean };
          };
        };
        if (object.spec?.unschedulable === true) this.#sign(object.metadata.name);
      }
    };
    // The API is often what is hit: what it no longer tells is missing, and shows as such.
    void read()
      .catch(() => undefined)
      .finally(() => {
        client.close();
      });
  }

  #listen(shell: Shell, argv: readonly string[], hear: (line: string) => void): void {
    const running = shell.spawn(argv);
    this.#running.push(running);
    void (async () => {
      for await (const line of running.lines) hear(line);
    })().catch(() => undefined);
  }

  #sign(target: string): void {
    this.signs.push({ target, atMs: performance.now() });
  }
}
