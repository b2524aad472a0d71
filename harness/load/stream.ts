import type { ConnectionMode, RequestEvent } from '../model/history.ts';
import { accountFor, type Missing, type Sent } from './accounting.ts';
import type { Line } from './line.ts';
import { RecentRequests, type StreamFigures } from './steady.ts';

/** A line with its times on the run's clock. */
export interface Timed {
  readonly line: Line;
  readonly firstMs: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** One path in one connection mode: what was sent, what came of it, and what of its schedule is unaccounted for. */
export class Stream {
  readonly path: string;
  readonly mode: ConnectionMode;
  readonly #periodMs: number;
  readonly #recent = new RecentRequests();
  readonly #sent: Sent[] = [];
  /** Requests that started after the end: recorded only if their slot lies before it. */
  readonly #late = new Map<number, RequestEvent>();
  #firstMs: number;
  #untilMs = Infinity;
  #failed = 0;

  /** @param startedMs when k6 started: the schedule's first slot, as long as no request tells it exactly */
  constructor(path: string, mode: ConnectionMode, rate: number, startedMs: number) {
    this.path = path;
    this.mode = mode;
    this.#periodMs = 1_000 / rate;
    this.#firstMs = startedMs;
  }

  /** @returns the request as an event, or null when it belongs to the time after the end */
  take({ line, firstMs, startMs, endMs }: Timed): RequestEvent | null {
    const { answer, seq, status, path, mode } = line;
    const event: RequestEvent = { kind: 'request', path, mode, seq, startMs, endMs, status, ...answer };
    this.#firstMs = firstMs;
    this.#sent.push({ seq, startMs });
    this.#recent.add({ endMs, ok: answer.ok, error: answer.error });
    if (startMs > this.#untilMs) {
      this.#late.set(seq, event);
      return null;
    }
    if (!event.ok) this.#failed += 1;
    return event;
  }

  figures(nowMs: number): StreamFigures {
    return { path: this.path, mode: this.mode, ...this.#recent.figures(nowMs) };
  }

  /** From now on, only requests that were due until then count. */
  end(untilMs: number): void {
    this.#untilMs = Math.min(this.#untilMs, untilMs);
  }

  /** How many requests were due until the end and have no answer yet. */
  missing(): number {
    return this.#account('unanswered').missing.length;
  }

  /** The rest of the schedule as events, each with ok false or late; and the totals. Call once, at the end. */
  close(tail: Missing['error'], nowMs: number): StreamTotals {
    const { within, missing } = this.#account(tail);
    const late = [...this.#late.values()].filter(({ seq }) => within.has(seq));
    const { path, mode } = this;
    const holes = missing.map(({ seq, atMs, error }): RequestEvent => {
      const endMs = error === 'dropped' ? atMs : Math.max(atMs, nowMs);
      return { kind: 'request', path, mode, seq, startMs: atMs, endMs, ok: false, status: 0, error };
    });
    const dropped = missing.filter(({ error }) => error === 'dropped').length;
    const unanswered = missing.length - dropped;
    const failed = this.#failed + late.filter(({ ok }) => !ok).length + unanswered;
    return { events: [...late, ...holes], sent: within.size + unanswered, failed, dropped };
  }

  #account(tail: Missing['error']): ReturnType<typeof accountFor> {
    const schedule = { firstMs: this.#firstMs, periodMs: this.#periodMs, untilMs: this.#untilMs, tail };
    return accountFor(schedule, this.#sent);
  }
}

export interface StreamTotals {
  readonly events: readonly RequestEvent[];
  /** Requests that were really sent, answered or not. */
  readonly sent: number;
  /** Of those sent, how many had no good answer. */
  readonly failed: number;
  /** Requests that were due and could not be sent. */
  readonly dropped: number;
}
