import type { Figure } from './figure.ts';

/** What every part of the benchmark is given. */
export interface BenchContext {
  /** How often to measure; each part knows its own number when it is null. */
  readonly times: number | null;
  /** Only these faults, where faults are measured; null for all that the part knows. */
  readonly faults: readonly string[] | null;
  /** A cluster that is up, for the parts that need no load of their own; null to boot one. */
  readonly cluster: string | null;
  /** How many clusters side by side share the injections, in the part that can: they are more than one machine does at once. */
  readonly clusters: number;
  /** What to boot; nine nodes in three zones when null. */
  readonly config: string | null;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

export type Bench = (context: BenchContext) => Promise<readonly Figure[]>;
