import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { expect } from 'chai';
import { extract } from 'tar-stream';
import { z } from 'zod';

import { goArchitecture } from '../platform.ts';
import { buildArchive } from './archive.ts';
import type { ImageRecipe } from './recipe.ts';
import { agnhostImage, etcdImage, pauseImage } from './recipes.ts';

const never = new AbortController().signal;
const quiet = (): void => undefined;
const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
const manifestSchema = z.array(
  z.object({ Config: z.string(), RepoTags: z.array(z.string()), Layers: z.array(z.string()) }),
);
const configSchema = z.object({
  architecture: z.string(),
  config: z.record(z.string(), z.unknown()),
  rootfs: z.object({ diff_ids: z.array(z.string()) }),
});

async function contentsOf(archive: string): Promise<ReadonlyMap<string, Buffer>> {
  const tar = createReadStream(archive).pipe(extract());
  const contents = new Map<string, Buffer>();
  for await (const entry of tar) {
    expect(contents.has(entry.header.name), `${entry.header.name} is there twice`).to.equal(false);
    contents.set(entry.header.name, await buffer(entry));
  }
  return contents;
}

describe('buildArchive', () => {
  let root: string;
  let cache: string;
  let recipes: readonly ImageRecipe[];

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'shakedown-archive-'));
    cache = join(root, 'cache');
    for (const name of ['pause', 'agnhost', 'etcd', 'etcdctl']) await writeFile(join(root, name), `this is ${name}`);
    const web: ImageRecipe = { ...agnhostImage(join(root, 'agnhost')), name: 'registry.local/web:1' };
    recipes = [
      pauseImage(join(root, 'pause')),
      agnhostImage(join(root, 'agnhost')),
      etcdImage({ etcd: join(root, 'etcd'), etcdctl: join(root, 'etcdctl') }),
      web,
    ];
  });

  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  it('lists every image with its settings, and layers whose digests are true', async () => {
    const contents = await contentsOf(await buildArchive(recipes, quiet, never, cache));
    const manifest = manifestSchema.parse(JSON.parse(contents.get('manifest.json')?.toString() ?? ''));
    expect(manifest.map(({ RepoTags }) => RepoTags)).to.deep.equal([
      ['registry.k8s.io/pause:3.10.1'],
      ['registry.local/agnhost:2.56', 'registry.local/web:1'],
      ['registry.local/etcd:3.6.8'],
    ]);
    for (const { Config, Layers } of manifest) {
      const bytes = contents.get(Config) ?? Buffer.from('');
      expect(Config).to.equal(`${sha256(bytes)}.json`);
      const config = configSchema.parse(JSON.parse(bytes.toString()));
      expect(config.architecture).to.equal(goArchitecture());
      const layers = Layers.map((layer) => contents.get(layer) ?? Buffer.from('missing'));
      expect(config.rootfs.diff_ids).to.deep.equal(layers.map((layer) => `sha256:${sha256(layer)}`));
    }
    const pause = configSchema.parse(JSON.parse(contents.get(manifest[0]?.Config ?? '')?.toString() ?? ''));
    expect(pause.config).to.deep.equal({
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      Entrypoint: ['/pause'],
      User: '65535:65535',
    });
  });

  it('stores a layer that several images share once', async () => {
    const contents = await contentsOf(await buildArchive(recipes, quiet, never, cache));
    const layers = [...contents.keys()].filter((name) => name.endsWith('/layer.tar'));
    // pause; the base, agnhost; etcd, etcdctl.
    expect(layers).to.have.length(5);
  });

  it('is made once for the same contents, whatever the times of the files', async () => {
    const lines: string[] = [];
    const say = (line: string): void => void lines.push(line);
    const first = await buildArchive(recipes, say, never, cache);
    await utimes(join(root, 'agnhost'), 5, 5);
    expect(await buildArchive(recipes, say, never, cache)).to.equal(first);
    expect(lines).to.have.length(1);
    await writeFile(join(root, 'agnhost'), 'another agnhost');
    expect(await buildArchive(recipes, say, never, cache)).not.to.equal(first);
    expect(lines).to.have.length(2);
  });

  it('has the same bytes in two caches', async () => {
    const one = await buildArchive(recipes, quiet, never, cache);
    const other = await buildArchive(recipes, quiet, never, join(root, 'other'));
    expect((await readFile(one)).equals(await readFile(other))).to.equal(true);
  });

  it('leaves no archive and no half-done file when it is aborted', async () => {
    const interrupt = new AbortController();
    const stop = (): void => {
      interrupt.abort(new Error('stop'));
    };
    const error = await buildArchive(recipes, stop, interrupt.signal, cache).catch((thrown: unknown) => thrown);
    expect((error as Error).message).to.equal('stop');
    expect(await readdir(join(cache, 'images'))).to.deep.equal([]);
    expect(await readdir(join(cache, 'tmp'))).to.deep.equal([]);
  });
});
