import { readFileSync } from 'node:fs';
import { readdir, readlink, stat } from 'node:fs/promises';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessMark {
  readonly pid: number;
  /** Ticks since the machine's start, field 22 of /proc/PID/stat. */
  readonly start: string;
}

/** @returns null when there is no such process; a zombie counts as none */
export function markOf(pid: number): ProcessMark | null {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The name, in parentheses, may contain anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    const start = fields[19];
    return start === undefined || state === 'Z' || state === 'X' ? null : { pid, start };
  } catch {
    return null;
  }
}

export const isAlive = (mark: ProcessMark): boolean => markOf(mark.pid)?.start === mark.start;

/** The mark in a file `PID START`, or null when there is none. */
export function readMark(file: string): ProcessMark | null {
  try {
    const [pid = '', start = ''] = readFileSync(file, 'utf8').trim().split(' ');
    return /^\d+$/.test(pid) && start !== '' ? { pid: Number(pid), start } : null;
  } catch {
    return null;
  }
}

/** Which start of the machine this is: state of an earlier one is stale. */
export const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** The processes whose network namespace is one of those files. */
export async function processesInNetworks(files: readonly string[]): Promise<readonly number[]> {
  const wanted = new Set<string>();
  for (const file of files) {
    const found = await stat(file).catch(() => null);
    if (found !== null) wanted.add(`net:[${String(found.ino)}]`);
  }
  if (wanted.size === 0) return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => wanted.has(await readlink(`/proc/${pid}/ns/net`).catch(() => ''))),
  );
  return pids.filter((_, at) => found[at]).map(Number);
}

/** SIGKILL; a process that is gone already is no error. */
export function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone
  }
}
