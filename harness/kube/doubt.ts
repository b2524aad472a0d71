import type { GapEvent } from '../model/history.ts';

/**
 * Decides when a probe was blind. A watch that breaks and resumes from its last version loses nothing; what it can do is
 * see late. So a doubt is opened at the last moment known to be good, and becomes a gap when, before a list proves
 * that all was delivered, anything was delivered at all: its time cannot be trusted.
 */
export class Doubt {
  readonly #probe: string;
  readonly #record: (gap: GapEvent) => void;
  #lastGoodMs: number;
  #open: { readonly sinceMs: number; readonly because: string } | null = null;
  #late = false;

  constructor(probe: string, nowMs: number, record: (gap: GapEvent) => void) {
    this.#probe = probe;
    this.#record = record;
    this.#lastGoodMs = nowMs;
  }

  get lastGoodMs(): number {
    return this.#lastGoodMs;
  }

  raise(because: string): void {
    this.#open ??= { sinceMs: this.#lastGoodMs, because };
  }

  /** Something was delivered; events of one collection come in order, so nothing older is outstanding. */
  delivered(atMs: number): void {
    if (this.#open === null) this.#lastGoodMs = atMs;
    else this.#late = true;
  }

  /** A list asked for at `askedMs` showed nothing that had not been delivered by `nowMs`. */
  confirm(askedMs: number, nowMs: number): void {
    if (this.#late) this.#close(nowMs);
    this.#open = null;
    this.#late = false;
    this.#lastGoodMs = Math.max(this.#lastGoodMs, askedMs);
  }

  /** The probe ends without having been able to confirm. */
  end(nowMs: number): void {
    if (this.#open !== null) this.#close(nowMs);
    this.#open = null;
  }

  #close(nowMs: number): void {
    if (this.#open === null) return;
    const { sinceMs, because } = this.#open;
    this.#record({ kind: 'gap', probe: this.#probe, startMs: sinceMs, endMs: nowMs, because });
  }
}
