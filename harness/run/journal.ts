import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { HarnessError } from '../model/errors.ts';
import type { Json } from '../model/json.ts';

/** What a run did or is about to do to the world, written and synced before it is done. */
export type JournalEntry =
  | {
      readonly type: 'run';
      readonly id: string;
      readonly scenario: string;
      readonly seed: number;
      readonly startedAt: string;
    }
  | {
      readonly type: 'cluster';
      readonly provider: string;
      readonly name: string;
      /** Made for the run. */
      readonly owned: boolean;
      /** Nothing of it is to be taken away; else an owned one is removed, and any other freed of what the run made there. */
      readonly keep: boolean;
    }
  | {
      readonly type: 'planned';
      readonly step: string;
      readonly fault: string;
      readonly mark: string;
      readonly params: Json;
      readonly plan: Json;
    }
  | { readonly type: 'healed'; readonly step: string }
  | { readonly type: 'cluster-removed'; readonly name: string }
  | { readonly type: 'ended'; readonly outcome: string };

/** An injection as it was planned. */
export type Planned = Extract<JournalEntry, { type: 'planned' }>;
type ClusterEntry = Extract<JournalEntry, { type: 'cluster' }>;

const fileOf = (directory: string): string => join(directory, 'journal.ndjson');

/** An append-only file of a run's intentions; each entry is on the disk before `append` returns. */
export class Journal {
  readonly directory: string;
  readonly #descriptor: number;

  constructor(directory: string) {
    this.directory = directory;
    this.#descriptor = openSync(fileOf(directory), 'a', 0o644);
  }

  append(entry: JournalEntry): void {
    writeSync(this.#descriptor, `${JSON.stringify(entry)}\n`);
    fsyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** What a journal says is still to be undone. */
export interface Unfinished {
  readonly cluster: ClusterEntry | null;
  /** Newest first: the order in which to heal. */
  readonly faults: readonly Planned[];
  readonly ended: boolean;
}

/** @throws HarnessError `history` for a line that is neither an entry nor the torn last one */
export function readJournal(directory: string): Unfinished {
  const file = fileOf(directory);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const entries = lines.flatMap((line, index) => parsed(line, index, lines.length, file));
  const healed = new Set(entries.filter((entry) => entry.type === 'healed').map((entry) => entry.step));
  const removed = new Set(entries.filter((entry) => entry.type === 'cluster-removed').map((entry) => entry.name));
  const cluster = entries.filter((entry) => entry.type === 'cluster').find((entry) => !removed.has(entry.name));
  return {
    cluster: cluster ?? null,
    faults: entries
      .filter((entry) => entry.type === 'planned' && !healed.has(entry.step))
      .reverse() as readonly Planned[],
    ended: entries.some((entry) => entry.type === 'ended'),
  };
}

function parsed(line: string, index: number, count: number, file: string): readonly JournalEntry[] {
  if (line === '') return [];
  try {
    return [JSON.parse(line) as JournalEntry];
  } catch (cause) {
    // A write that the power cut short can only be the last line; what it announced was not begun.
    if (index === count - 1) return [];
    throw new HarnessError(
      'history',
      `${file}, line ${String(index + 1)}: expected a JSON object, found '${line.slice(0, 60)}'`,
      { cause },
    );
  }
}
