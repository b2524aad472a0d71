import { resolve } from 'node:path';

/** The clone that this program runs from: everything it reads and stores is found from here, whatever the directory. */
export const root = resolve(import.meta.dirname, '../..');

/** Where runs are stored: SHAKEDOWN_RUNS, else `runs/` of the clone, so that `heal` finds what any shell started. */
export function runsDirectory(): string {
  return resolve(process.env['SHAKEDOWN_RUNS'] ?? resolve(root, 'runs'));
}
