import type { OpEvent } from '../../harness/model/history.ts';

const windowMs = 2_000;

/** Whether every target acknowledges its writes at their rate: at least 95 % of it, and nothing else, for 2 s. */
export class Pace {
  readonly #perWindow: number;
  readonly #writes: ReadonlyMap<string, OpEvent[]>;

  constructor(targets: readonly string[], periodMs: number) {
    this.#perWindow = windowMs / periodMs;
    this.#writes = new Map(targets.map((target) => [target, []]));
  }

  add(write: OpEvent): void {
    const writes = this.#writes.get(write.target);
    if (writes === undefined) return;
    writes.push(write);
    while ((writes[0]?.endMs ?? Infinity) < write.endMs - 2 * windowMs) writes.shift();
  }

  /** Null when steady; else what each target does. */
  lacking(nowMs: number): string | null {
    const fromMs = nowMs - windowMs;
    const states = [...this.#writes].map(([target, writes]) => {
      const ok = writes.filter((write) => write.startMs >= fromMs && write.outcome === 'ok').length;
      const bad = writes.filter((write) => write.endMs >= fromMs && write.outcome !== 'ok');
      const error = bad.at(-1)?.error;
      const text = `${target} ${String(ok)} of ${this.#perWindow.toFixed(0)} writes acknowledged in 2 s, ${String(bad.length)} not${error === undefined ? '' : ` (${error})`}`;
      return { steady: ok >= 0.95 * this.#perWindow && bad.length === 0, text };
    });
    return states.every(({ steady }) => steady) ? null : states.map(({ text }) => text).join('; ');
  }
}
