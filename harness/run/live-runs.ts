import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Which process runs a run: its pid alone could by now be another program's. */
interface Runner {
  readonly pid: number;
  readonly startTicks: string;
}

const runnerFile = (directory: string): string => join(directory, 'runner.json');
export const haltFile = (directory: string): string => join(directory, 'halt');

/** Field 22 of /proc/PID/stat: when the process started, in clock ticks since the machine did. */
function startTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Makes the directory of a run and notes this process as its runner. */
export function claimDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const runner: Runner = { pid: process.pid, startTicks: startTicks(process.pid) ?? '' };
  writeFileSync(runnerFile(directory), JSON.stringify(runner));
}

/** True while the process that runs this run is alive. */
export function isRunning(directory: string): boolean {
  if (!existsSync(runnerFile(directory)) || existsSync(join(directory, 'run.json'))) return false;
  const runner = JSON.parse(readFileSync(runnerFile(directory), 'utf8')) as Runner;
  return startTicks(runner.pid) === runner.startTicks;
}

/** The directories of all runs, oldest first. */
export function runDirectories(runsDirectory: string): readonly string[] {
  if (!existsSync(runsDirectory)) return [];
  return readdirSync(runsDirectory)
    .map((name) => join(runsDirectory, name))
    .filter((directory) => existsSync(runnerFile(directory)) || existsSync(join(directory, 'run.json')))
    .sort();
}
