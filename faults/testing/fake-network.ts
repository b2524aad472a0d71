import { FakeFilters } from './fake-filters.ts';
import type { Answer } from './fake-shell.ts';

/** What lies between the nodes: the packet filters of each, and whether a connection gets through them. */
export class FakeNetwork {
  readonly #filters: ReadonlyMap<string, FakeFilters>;
  readonly #addressOf: (node: string) => string;

  constructor(nodes: readonly string[], addressOf: (node: string) => string) {
    this.#filters = new Map(nodes.map((name) => [name, new FakeFilters()]));
    this.#addressOf = addressOf;
  }

  /** From now on what is installed does nothing. */
  disconnect(): void {
    for (const filters of this.#filters.values()) filters.deaf = true;
  }

  changes(): readonly string[] {
    return [...this.#filters].flatMap(([node, { tables }]) => tables.map((table) => `${node} has the table ${table}`));
  }

  /** Undefined for what is no business of the network. */
  answer(node: string, command: string, input: string): Answer | undefined {
    return this.#of(node).answer(command, input);
  }

  /** A connection is a packet there and one back. */
  reaches(from: string, to: string, port: number): boolean {
    if (from === to) return true;
    const there = { from: this.#addressOf(from), to: this.#addressOf(to), port };
    const back = { from: there.to, to: there.from, port: 40_000 };
    return this.#crosses(from, there, to) && this.#crosses(to, back, from);
  }

  #crosses(from: string, packet: Parameters<FakeFilters['passes']>[1], to: string): boolean {
    return this.#of(from).passes('postrouting', packet) && this.#of(to).passes('prerouting', packet);
  }

  #of(node: string): FakeFilters {
    const found = this.#filters.get(node);
    if (found === undefined) throw new Error(`no node ${node}`);
    return found;
  }
}
