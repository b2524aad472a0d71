import type { Figure } from './figure.ts';

/** What every part of the benchmark is given. */
export interface BenchContext {
  /** How often to measure; each part knows its own number when it is null. */
  readonly times: number | null;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

export type Bench = (context: BenchContext) => Promise<readonly Figure[]>;
