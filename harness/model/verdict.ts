import type { HistoryEvent } from './history.ts';
import type { Json } from './json.ts';

/** A measured quantity with its error bar: the truth lies in [lower, upper]. */
export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'count' | 'ratio' | 'percent';
  readonly lower: number;
  readonly upper: number;
  /** What was promised of this figure, in the same unit, if anything was. */
  readonly limit?: number;
}

interface Measured {
  /** One sentence with the figures and their error bars. */
  readonly measured: string;
  readonly figures: readonly Figure[];
  /** What a report may draw: outages, phases, removals, skew. The guarantee's page says its shape. */
  readonly details?: Json;
}

/** What a judge says of one promise. What can't be known is `unknown`, never a pass. */
export type Verdict =
  | ({ readonly status: 'held' } & Measured)
  | ({
      readonly status: 'violated';
      /** Opens with the promise: `violated rto(15s) - web answers again within 15 s of the fault; measured 22.4 s`. */
      readonly because: string;
      /** The events that show it: few, the first ones. */
      readonly evidence: readonly HistoryEvent[];
    } & Measured)
  | ({ readonly status: 'unknown'; readonly because: string } & Partial<Measured>);

/** How a whole run ended. `skipped` is never counted as held. */
export type Outcome = 'held' | 'violated' | 'unknown' | 'skipped' | 'harness-error';

const badness: readonly Outcome[] = ['held', 'skipped', 'unknown', 'violated', 'harness-error'];

/** The worst of several outcomes; `unknown` of none, because a run that judged nothing proved nothing. */
export function worst(outcomes: readonly Outcome[]): Outcome {
  const rank = Math.max(-1, ...outcomes.map((outcome) => badness.indexOf(outcome)));
  return badness[rank] ?? 'unknown';
}

/** The exit code of an outcome: 0 held, 1 violated, 2 unknown, 3 harness error; a skipped run exits 0 and says so. */
export function exitCode(outcome: Outcome): number {
  return { held: 0, skipped: 0, violated: 1, unknown: 2, 'harness-error': 3 }[outcome];
}
