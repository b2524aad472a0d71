import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import { extract } from 'tar-stream';

import { HarnessError } from '../../model/errors.ts';

/**
 * Copies files out of a gzipped tar archive.
 * @param wanted archive member to destination path
 * @throws HarnessError `toolchain` naming a member that is not in it
 */
export async function unpack(archive: string, wanted: ReadonlyMap<string, string>, signal: AbortSignal): Promise<void> {
  const missing = new Set(wanted.keys());
  const tar = extract();
  const fed = pipeline(createReadStream(archive), createGunzip(), tar, { signal });
  fed.catch(() => undefined);
  for await (const entry of tar) {
    const name = entry.header.name.replace(/^\.\//, '');
    const path = entry.header.type === 'file' ? wanted.get(name) : undefined;
    if (path === undefined) {
      entry.resume();
      continue;
    }
    await pipeline(entry, createWriteStream(path), { signal });
    missing.delete(name);
  }
  await fed;
  if (missing.size > 0)
    throw new HarnessError('toolchain', `The archive ${archive} holds no ${[...missing].join(', ')}`);
}
