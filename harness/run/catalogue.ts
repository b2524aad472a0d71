import { closest, distance } from 'fastest-levenshtein';

import type { ClusterProvider } from '../model/cluster.ts';
import { HarnessError } from '../model/errors.ts';
import type { Fault } from '../model/fault.ts';
import type { Guarantee } from '../model/guarantee.ts';
import type { Reporter } from '../model/report.ts';
import type { Workload } from '../model/workload.ts';

/** Everything the engine can be asked to use; it reaches the engine as an argument, never as an import. */
export interface Catalogue {
  readonly faults: readonly Fault[];
  readonly guarantees: readonly Guarantee[];
  readonly workloads: readonly Workload[];
  readonly reporters: readonly Reporter[];
  readonly providers: readonly ClusterProvider[];
}

/** Where a user follows a run: phases begin, notes stay, progress lines replace each other. */
export interface RunObserver {
  phase(name: string, detail: string): void;
  note(line: string): void;
  progress(line: string): void;
}

/**
 * The item of that name.
 * @param kind what it is, for the error: `fault`, `scenario` ...
 * @throws HarnessError `unknown-name` with the nearest name there is
 */
export function named<T extends { readonly name: string }>(kind: string, name: string, items: readonly T[]): T {
  const found = items.find((item) => item.name === name);
  if (found) return found;
  const names = items.map((item) => item.name);
  const near = names.length > 0 ? closest(name, names) : undefined;
  const meant =
    near !== undefined && distance(near, name) <= Math.max(2, name.length / 2) ? `; did you mean '${near}'?` : '';
  throw new HarnessError('unknown-name', `There is no ${kind} named '${name}'${meant}`, { hint: 'shakedown list' });
}
