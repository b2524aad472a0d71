import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path/posix';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { pack, type Pack } from 'tar-stream';

import { HarnessError } from '../../model/errors.ts';
import type { LayerRecipe } from './recipe.ts';

/** A tar entry of a layer, by its path inside the image. */
export type LayerEntry =
  | { readonly kind: 'directory'; readonly to: string; readonly mode: number }
  | { readonly kind: 'symlink'; readonly to: string; readonly target: string }
  | { readonly kind: 'inline'; readonly to: string; readonly mode: number; readonly content: string }
  | { readonly kind: 'file'; readonly to: string; readonly mode: number; readonly from: string };

/**
 * A layer's entries in the order of their names, with the parent folders that were not given.
 * @throws HarnessError `bad-input` when two entries have one path or a path is not absolute and plain
 */
export function entriesOf(layer: LayerRecipe): readonly LayerEntry[] {
  const given: LayerEntry[] = [
    ...(layer.directories ?? []).map(({ to, mode = 0o755 }) => ({ kind: 'directory' as const, to, mode })),
    ...(layer.symlinks ?? []).map(({ to, target }) => ({ kind: 'symlink' as const, to, target })),
    ...(layer.inline ?? []).map(({ to, content, mode = 0o644 }) => ({ kind: 'inline' as const, to, content, mode })),
    ...(layer.files ?? []).map(({ to, from, mode = 0o755 }) => ({ kind: 'file' as const, to, from, mode })),
  ];
  const byPath = new Map<string, LayerEntry>();
  for (const entry of given) {
    if (!/^(\/[^/]+)+$/.test(entry.to) || entry.to.split('/').some((part) => part === '.' || part === '..'))
      throw new HarnessError(
        'bad-input',
        `image layer: expected an absolute path without . and .., found '${entry.to}'`,
      );
    if (byPath.has(entry.to)) throw new HarnessError('bad-input', `image layer: two entries for ${entry.to}`);
    byPath.set(entry.to, entry);
  }
  for (const entry of given) {
    for (let parent = dirname(entry.to); parent !== '/'; parent = dirname(parent)) {
      if (!byPath.has(parent)) byPath.set(parent, { kind: 'directory', to: parent, mode: 0o755 });
    }
  }
  return [...byPath.values()].sort((a, b) => (a.to < b.to ? -1 : 1));
}

/** Writes a layer as a tar file whose bytes depend on the recipe alone. @returns its sha256 in hex: the layer's diff id */
export async function writeLayer(layer: LayerRecipe, path: string, signal: AbortSignal): Promise<string> {
  const tar = pack();
  const digest = createHash('sha256');
  const tee = new PassThrough();
  tee.on('data', (chunk: Buffer) => digest.update(chunk));
  const written = pipeline(tar, tee, createWriteStream(path), { signal });
  const packed = packEntries(tar, entriesOf(layer)).catch((error: unknown) => {
    tar.destroy(error as Error);
    throw error;
  });
  // The packing error is the cause when both fail: it is looked at first.
  const [packing, writing] = await Promise.allSettled([packed, written]);
  if (writing.status === 'rejected' && signal.aborted) signal.throwIfAborted();
  if (packing.status === 'rejected') throw packing.reason;
  if (writing.status === 'rejected') throw writing.reason;
  return digest.digest('hex');
}

async function packEntries(tar: Pack, entries: readonly LayerEntry[]): Promise<void> {
  for (const entry of entries) await packEntry(tar, entry);
  tar.finalize();
}

async function packEntry(tar: Pack, entry: LayerEntry): Promise<void> {
  const header = { name: entry.to.slice(1), mtime: new Date(0), uid: 0, gid: 0 };
  switch (entry.kind) {
    case 'directory':
      tar.entry({ ...header, name: `${header.name}/`, type: 'directory', mode: entry.mode });
      return;
    case 'symlink':
      tar.entry({ ...header, type: 'symlink', linkname: entry.target, mode: 0o777 });
      return;
    case 'inline':
      tar.entry({ ...header, mode: entry.mode }, entry.content);
      return;
    case 'file': {
      const { size } = await stat(entry.from);
      await pipeline(createReadStream(entry.from), tar.entry({ ...header, mode: entry.mode, size }));
    }
  }
}
