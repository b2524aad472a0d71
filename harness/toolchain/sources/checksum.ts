import { createHash } from 'node:crypto';

import { HarnessError } from '../../model/errors.ts';

/**
 * The sha256 of a file in a published checksum file: either the hash alone, or lines of a hash and a file name.
 * @returns lower-case hex, or null when the file is not in it
 */
export function publishedChecksum(text: string, fileName: string): string | null {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const isHash = (word: string | undefined): word is string => /^[0-9a-f]{64}$/i.test(word ?? '');
  const named = lines.find(([hash, name]) => isHash(hash) && name?.replace(/^\*?(\.\/)?/, '') === fileName);
  const alone = lines.filter((words) => words[0] !== '');
  const hash = named?.[0] ?? (alone.length === 1 && alone[0]?.length === 1 ? alone[0][0] : undefined);
  return isHash(hash) ? hash.toLowerCase() : null;
}

/** A hash to write to, and the comparison at the end. @throws HarnessError `toolchain` when the content is another */
export function checksumOf(url: string, expected: string): { update(chunk: Uint8Array): void; check(): void } {
  const digest = createHash('sha256');
  return {
    update: (chunk) => void digest.update(chunk),
    check: () => {
      const found = digest.digest('hex');
      if (found === expected) return;
      throw new HarnessError(
        'toolchain',
        `${url} has the wrong checksum: its publisher says sha256 ${expected}, what came is ${found}; nothing of it was kept`,
        {
          hint: 'try again; if it stays so, something on the way alters downloads: set SHAKEDOWN_DOWNLOADS=off to build from pinned source instead',
        },
      );
    },
  };
}
