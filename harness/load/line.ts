import { z } from 'zod';

import type { ConnectionMode } from '../model/history.ts';
import { errorWord } from './error-words.ts';

/** What the answer of a workload says about who gave it. */
export interface Answer {
  readonly ok: boolean;
  readonly error?: string;
  readonly pod?: string;
  readonly node?: string;
  readonly zone?: string;
}

/** One request as k6 printed it. Times are in milliseconds; `startMs` and `endMs` on k6's own monotonic clock. */
export interface Line {
  readonly path: string;
  readonly mode: ConnectionMode;
  readonly seq: number;
  /** The wall-clock time at which this path and mode were to send their first request, rounded down. */
  readonly firstWallMs: number;
  /** The wall clock just before `startMs` was read, rounded down. */
  readonly wallMs: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly status: number;
  readonly answer: Answer;
}

const shape = z.tuple([
  z.string(),
  z.enum(['new', 'reused']),
  z.int().min(0),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.int(),
  z.int(),
  z.string(),
  z.string(),
]);

/** A line of k6's output: a request, or null for what k6 says of itself. */
export function parseLine(text: string): Line | null {
  if (!text.startsWith('[')) return null;
  const parsed = shape.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const [path, mode, seq, firstWallMs, wallMs, startMs, endMs, status, code, error, body] = parsed.data;
  return {
    path,
    mode,
    seq,
    firstWallMs,
    wallMs,
    startMs,
    endMs,
    status,
    answer: answerOf(status, code, error, body),
  };
}

const bodyShape = z.object({ pod: z.string().min(1), node: z.string().min(1), zone: z.string().optional() });

function answerOf(status: number, code: number, error: string, body: string): Answer {
  // k6 gives answers of 400 and above the code 1000 + status: they are answers, and the status says enough.
  const answered = status !== 0 && (code === 0 || code === 1_000 + status);
  if (!answered) return { ok: false, error: errorWord(code, error) };
  const said = bodyShape.safeParse(parseJson(body));
  const who = said.success
    ? { pod: said.data.pod, node: said.data.node, ...(said.data.zone ? { zone: said.data.zone } : {}) }
    : {};
  if (status !== 200) return { ok: false, error: `http-${String(status)}`, ...who };
  return said.success ? { ok: true, ...who } : { ok: false, error: 'bad-body' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Joins k6's own clock to the wall clock. Each line bounds their distance from below (the wall clock is read first and
 * has whole milliseconds), so the greatest bound seen is the distance to within a fraction of a millisecond.
 */
export class WallClockJoin {
  #distanceMs = -Infinity;

  /** The wall-clock milliseconds of this line's start and end. */
  wall(line: Line): { readonly startMs: number; readonly endMs: number } {
    this.#distanceMs = Math.max(this.#distanceMs, line.wallMs - line.startMs);
    return { startMs: this.#distanceMs + line.startMs, endMs: this.#distanceMs + line.endMs };
  }
}
