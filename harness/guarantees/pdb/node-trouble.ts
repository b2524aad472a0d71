import type { StateEvent } from '../../model/history.ts';
import { readNode } from '../../model/objects.ts';

/** Watches of nodes and pods are not ordered between them: what is this close belongs together. */
const togetherMs = 2_000;

/** When each node was not Ready, or was gone. */
export class NodeTrouble {
  readonly #spans = new Map<string, { readonly startMs: number; endMs: number }[]>();

  constructor(events: readonly StateEvent[]) {
    for (const event of events) {
      if (event.object !== 'Node') continue;
      const well = event.change !== 'deleted' && readNode(event.value).ready === 'True';
      const spans = this.#spans.get(event.name) ?? [];
      this.#spans.set(event.name, spans);
      const last = spans.at(-1);
      const open = last?.endMs === Infinity;
      if (well && open) last.endMs = event.atMs;
      else if (!well && !open) spans.push({ startMs: event.atMs, endMs: Infinity });
    }
  }

  /** Whether the node was in trouble at that time, give or take the watches' lateness. */
  at(node: string | null, atMs: number): boolean {
    if (node === null) return false;
    const spans = this.#spans.get(node) ?? [];
    return spans.some(({ startMs, endMs }) => atMs >= startMs - togetherMs && atMs <= endMs + togetherMs);
  }
}
