import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { KubeClient } from '../../kube/index.ts';
import type { Cluster, ClusterFacts, Place, PowerSwitch, Shell } from '../../model/cluster.ts';
import { HarnessError } from '../../model/errors.ts';
import { buildOwnProgram, type OwnProgram } from '../../toolchain/own-programs.ts';
import { hostShell } from '../../util/exec.ts';
import type { Agents } from './agents.ts';
import { loadOn } from './images.ts';
import { lazyShell } from './lazy-shell.ts';
import type { RawNode } from './raw-node.ts';
import { ownAddressTowards } from './reach.ts';

/** What the last minutes of a node looked like, where its services write to the journal. */
const lastWords = 'command -v journalctl > /dev/null || exit 0; exec journalctl --no-pager --since=-1h --lines=20000';

export interface Taken {
  readonly facts: ClusterFacts;
  readonly kubeconfig: string;
  readonly client: KubeClient;
  readonly nodes: readonly RawNode[];
  /** Null when the cluster is only looked at. */
  readonly run: { readonly id: string; readonly agents: Agents } | null;
}

/** A cluster of others, by what was found out about it. */
export class ExistingCluster implements Cluster {
  readonly facts: ClusterFacts;
  readonly kubeconfig: string;
  readonly host = hostShell;
  readonly #taken: Taken;

  constructor(taken: Taken) {
    this.#taken = taken;
    this.facts = taken.facts;
    this.kubeconfig = taken.kubeconfig;
  }

  node(name: string): Shell {
    const node = this.#taken.nodes.find(({ metadata }) => metadata.name === name);
    if (node === undefined) {
      const names = this.facts.nodes.map((each) => each.name).join(', ');
      throw new HarnessError('unknown-name', `Cluster '${this.facts.name}' has no node '${name}'; it has ${names}`);
    }
    return lazyShell(name, () => this.#running(name).agents.shell(node));
  }

  power(): PowerSwitch {
    throw new HarnessError('not-here', `The machines of '${this.facts.name}' cannot be switched from here`);
  }

  /** This very machine: it is beside the cluster already. */
  async place(name: string): Promise<Place> {
    const because = this.facts.missing?.places;
    const [node] = this.facts.nodes;
    if (because !== undefined || node === undefined)
      throw new HarnessError(
        'not-here',
        `There is no place beside '${this.facts.name}': ${because ?? 'it has no nodes'}`,
      );
    return { ...hostShell, name, address: await ownAddressTowards(node.address) };
  }

  async loadImages(archives: readonly string[], signal: AbortSignal): Promise<void> {
    const { client, nodes } = this.#taken;
    const load = nodes.map(async (node) => {
      const { id, agents } = this.#running(node.metadata.name);
      await loadOn(await agents.shell(node), { client, run: id, archives, signal });
    });
    await Promise.all(load);
  }

  async buildProgram(program: OwnProgram, signal: AbortSignal): Promise<string> {
    return await buildOwnProgram(program, () => undefined, signal);
  }

  async collectLogs(directory: string): Promise<void> {
    await mkdir(directory, { recursive: true });
    const made = this.#taken.run?.agents.made ?? [];
    await Promise.all(
      made.map(async (name) => {
        const { stdout } = await this.node(name).exec(['sh', '-c', lastWords], { timeoutMs: 30_000 });
        await writeFile(join(directory, `${name}.journal.log`), stdout);
      }),
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#taken.run?.agents.close();
    this.#taken.client.close();
    return Promise.resolve();
  }

  #running(node: string): NonNullable<Taken['run']> {
    if (this.#taken.run !== null) return this.#taken.run;
    const sentence = `Node ${node} would have to be asked, and a plan makes no pod there: the run asks it`;
    throw new HarnessError('refused', sentence);
  }
}
