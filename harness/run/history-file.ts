import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { join } from 'node:path';

import { HarnessError } from '../model/errors.ts';
import type { History, HistoryEvent } from '../model/history.ts';

const fileOf = (directory: string): string => join(directory, 'history.ndjson');
const kinds: ReadonlySet<string> = new Set<HistoryEvent['kind']>([
  'request',
  'op',
  'watch',
  'fault',
  'state',
  'sample',
  'gap',
  'phase',
]);

/** Collects a run's events in memory and streams them to history.ndjson, so that a killed run leaves what it saw. */
export class HistoryRecorder {
  readonly #events: HistoryEvent[] = [];
  readonly #stream;

  constructor(directory: string) {
    this.#stream = createWriteStream(fileOf(directory), { flags: 'wx' });
  }

  readonly record = (event: HistoryEvent): void => {
    this.#events.push(event);
    this.#stream.write(`${JSON.stringify(event)}\n`);
  };

  get events(): History {
    return this.#events;
  }

  /** Ends the file. What is recorded later is lost, so every probe is stopped first. */
  async close(): Promise<void> {
    this.#stream.end();
    await finished(this.#stream);
  }
}

/** @throws HarnessError `history` naming the file and line of what cannot be read */
export function readHistory(directory: string): History {
  const file = fileOf(directory);
  if (!existsSync(file)) {
    throw new HarnessError('history', `${file}: expected the history of a run, found no such file`, {
      hint: 'shakedown list --runs',
    });
  }
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, index) => (line === '' ? [] : [parse(line, index, file)]));
}

function parse(line: string, index: number, file: string): HistoryEvent {
  const wrong = (found: string, cause?: unknown): HarnessError =>
    new HarnessError('history', `${file}, line ${String(index + 1)}: expected a history event, found ${found}`, {
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw wrong(`'${line.slice(0, 60)}', which is not JSON`, cause);
  }
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  if (typeof kind !== 'string' || !kinds.has(kind))
    throw wrong(`kind ${kind === undefined ? 'missing' : JSON.stringify(kind)}`);
  return value as HistoryEvent;
}
