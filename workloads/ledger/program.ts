import { fileURLToPath } from 'node:url';

import type { Job } from './job.ts';

/** The argv of one of the programs beside this file, with its job. */
export const programArgv = (name: 'writer' | 'reader' | 'watcher', job: Job): readonly string[] => [
  process.execPath,
  fileURLToPath(new URL(`${name}.ts`, import.meta.url)),
  JSON.stringify(job),
];

/** The same for a program whose errors are to be among its lines, as its last words. */
export const talkingArgv = (...[name, job]: Parameters<typeof programArgv>): readonly string[] => [
  'sh',
  '-c',
  'exec "$@" 2>&1',
  'sh',
  ...programArgv(name, job),
];

/** A line that a program printed; null when it is no JSON. */
export function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}
