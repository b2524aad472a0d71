import { readFileSync } from 'node:fs';

/** When a process started, in clock ticks since boot: with its number it names the process for good. Empty without /proc. */
function startTicks(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The command's name, in brackets, may itself hold spaces and brackets: count from the last one (proc(5), field 22).
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** A mark of a process that no later process of the same number has: `PID-STARTTICKS`. */
export function processMark(pid: number = process.pid): string {
  return `${String(pid)}-${startTicks(pid)}`;
}

/** Whether the process of a mark still runs; false for a text that is no mark. */
export function markIsAlive(mark: string): boolean {
  const [pid, ticks] = mark.split('-');
  if (pid === undefined || !/^[1-9]\d*$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return ticks === startTicks(Number(pid));
}
