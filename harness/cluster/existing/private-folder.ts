import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that only this user can read and that goes with this process: for keys and rights to a cluster. */
export function privateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'shakedown-existing-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
