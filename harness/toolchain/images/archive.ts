import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { pack, type Pack } from 'tar-stream';

import type { Progress } from '../../model/cluster.ts';
import { cacheDirectory, makeCacheFolder } from '../cache/directory.ts';
import { stampOf } from '../cache/file-stamp.ts';
import { Memo } from '../cache/memo.ts';
import { openWorkspace } from '../cache/workspace.ts';
import { diskFullAs } from '../errors.ts';
import { goArchitecture } from '../platform.ts';
import { entriesOf, writeLayer } from './layer.ts';
import type { ImageRecipe, LayerRecipe } from './recipe.ts';

/** Raised when the bytes written for the same recipe change, so that older archives are not used. */
const archiveFormat = 1;
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

interface WrittenLayer {
  readonly file: string;
  readonly digest: string;
}

/**
 * Makes a docker-format archive (as `docker save` writes it) of the images. Layers that several images share are stored once.
 * The same recipes over the same file contents give the same archive, which is made once and kept in the cache.
 * @returns the archive's path, for `ctr -n k8s.io images import` or `kind load image-archive`
 * @throws HarnessError `bad-input` | `disk-full` | `toolchain`; the signal's reason when aborted
 */
export async function buildArchive(
  recipes: readonly ImageRecipe[],
  progress: Progress,
  signal: AbortSignal,
  cache: string = cacheDirectory(),
): Promise<string> {
  const folder = await makeCacheFolder(join(cache, 'images'));
  const memo = await Memo.open(cache, 'checksums');
  const final = join(folder, `${await contentKey(recipes, memo)}.tar`);
  await memo.save();
  if (await stampOf(final)) return final;
  progress(`packing images ${recipes.map(({ name }) => name).join(', ')}`);
  await using workspace = await openWorkspace(cache);
  const half = join(workspace.path, 'images.tar');
  try {
    await writeArchive(recipes, workspace.path, half, signal);
  } catch (error) {
    throw diskFullAs(error, folder);
  }
  await rename(half, final);
  return final;
}

/** A hash of the recipes in which every host path is replaced by the checksum of the file there. */
async function contentKey(recipes: readonly ImageRecipe[], memo: Memo): Promise<string> {
  const plain = [];
  for (const recipe of recipes) {
    const layers = [];
    for (const layer of recipe.layers) {
      for (const entry of entriesOf(layer))
        layers.push(entry.kind === 'file' ? { ...entry, from: await sha256OfFile(entry.from, memo) } : entry);
      layers.push('end');
    }
    plain.push({ ...recipe, layers });
  }
  const text = JSON.stringify([archiveFormat, goArchitecture(), plain]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

async function sha256OfFile(path: string, memo: Memo): Promise<string> {
  return memo.about(path, 'sha256', async () => {
    const digest = createHash('sha256');
    await pipeline(createReadStream(path), digest);
    return digest.digest('hex');
  });
}

async function writeArchive(
  recipes: readonly ImageRecipe[],
  folder: string,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const layers = await writeLayers(recipes, folder, signal);
  const tar = pack();
  const written = pipeline(tar, createWriteStream(path), { signal });
  const packed = packImages(tar, recipes, layers).catch((error: unknown) => {
    tar.destroy(error as Error);
    throw error;
  });
  const [packing, writing] = await Promise.allSettled([packed, written]);
  signal.throwIfAborted();
  if (packing.status === 'rejected') throw packing.reason;
  if (writing.status === 'rejected') throw writing.reason;
}

/** Writes each different layer once. Recipes that share a layer object or its text share the file. */
async function writeLayers(
  recipes: readonly ImageRecipe[],
  folder: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, WrittenLayer>> {
  const written = new Map<string, WrittenLayer>();
  for (const layer of recipes.flatMap((recipe) => recipe.layers)) {
    if (written.has(textOf(layer))) continue;
    const file = join(folder, `${String(written.size)}.layer`);
    written.set(textOf(layer), { file, digest: await writeLayer(layer, file, signal) });
  }
  return written;
}

const textOf = (layer: LayerRecipe): string => JSON.stringify(entriesOf(layer));

async function packImages(
  tar: Pack,
  recipes: readonly ImageRecipe[],
  written: ReadonlyMap<string, WrittenLayer>,
): Promise<void> {
  const stored = new Set<string>();
  const manifest = new Map<string, { Config: string; RepoTags: string[]; Layers: string[] }>();
  for (const recipe of recipes) {
    const layers = recipe.layers.map((layer) => written.get(textOf(layer))).filter((layer) => layer !== undefined);
    for (const { digest, file } of layers) {
      if (stored.has(digest)) continue;
      stored.add(digest);
      await packFile(tar, `${digest}/layer.tar`, file);
    }
    const config = JSON.stringify(
      configOf(
        recipe,
        layers.map(({ digest }) => digest),
      ),
    );
    const name = `${createHash('sha256').update(config).digest('hex')}.json`;
    const twin = manifest.get(name);
    if (twin) {
      twin.RepoTags.push(recipe.name);
      continue;
    }
    tar.entry({ name, mtime: new Date(0) }, config);
    const Layers = layers.map(({ digest }) => `${digest}/layer.tar`);
    manifest.set(name, { Config: name, RepoTags: [recipe.name], Layers });
  }
  tar.entry({ name: 'manifest.json', mtime: new Date(0) }, JSON.stringify([...manifest.values()]));
  tar.finalize();
}

async function packFile(tar: Pack, name: string, path: string): Promise<void> {
  const { size } = await stat(path);
  await pipeline(createReadStream(path), tar.entry({ name, size, mtime: new Date(0) }));
}

/** The image's configuration as the OCI image specification (config.md) names its fields. */
function configOf(recipe: ImageRecipe, digests: readonly string[]): object {
  const env = { PATH: defaultPath, ...recipe.env };
  return {
    created: '1970-01-01T00:00:00Z',
    architecture: goArchitecture(),
    os: 'linux',
    config: {
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      Entrypoint: recipe.entrypoint,
      ...(recipe.cmd === undefined ? {} : { Cmd: recipe.cmd }),
      ...(recipe.user === undefined ? {} : { User: recipe.user }),
      ...(recipe.workingDir === undefined ? {} : { WorkingDir: recipe.workingDir }),
    },
    rootfs: { type: 'layers', diff_ids: digests.map((digest) => `sha256:${digest}`) },
  };
}
