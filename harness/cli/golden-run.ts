import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { root } from '../util/paths.ts';

/** Real runs that are kept in the repository, each with its history compressed. */
export const golden = join(root, 'testdata/golden');

/** Unpacks a golden run into a directory as a run has it, for as long as the work takes. */
export function withGoldenRun<T>(name: string, work: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'shakedown-golden-'));
  try {
    copyFileSync(join(golden, name, 'run.json'), join(directory, 'run.json'));
    const packed = readFileSync(join(golden, name, 'history.ndjson.gz'));
    writeFileSync(join(directory, 'history.ndjson'), gunzipSync(packed));
    return work(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
