import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'shakedown-existing-';

/**
 * A folder that only this user can read and that goes with this process: for keys and rights to a cluster. What processes
 * left that were killed goes too, so that `heal` leaves none of it.
 */
export function privateFolder(parent: string = tmpdir()): string {
  for (const name of readdirSync(parent)) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) remove(join(parent, name));
  }
  const folder = mkdtempSync(join(parent, `${prefix}${String(process.pid)}-`));
  process.once('exit', () => {
    remove(folder);
  });
  return folder;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process may not be asked; nor may its folder be removed.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
