import type { OpEvent } from '../../model/history.ts';
import type { FaultWindow } from '../fault-window.ts';
import type { Operations } from './collect-ops.ts';
import type { Fate, Finding } from './key-fate.ts';

/** Everything the verdict is worded from. */
export interface RpoFacts {
  readonly operations: Operations;
  readonly window: FaultWindow;
  readonly acknowledged: number;
  readonly indeterminate: number;
  readonly unread: number;
  readonly duplicated: readonly OpEvent[];
  readonly found: Readonly<Record<Finding, readonly Fate[]>>;
}
