import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { expect } from 'chai';
import { extract } from 'tar-stream';

import { HarnessError } from '../../model/errors.ts';
import { entriesOf, writeLayer } from './layer.ts';
import type { LayerRecipe } from './recipe.ts';

const never = new AbortController().signal;

describe('writeLayer', () => {
  let folder: string;
  let recipe: LayerRecipe;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shakedown-layer-'));
    await writeFile(join(folder, 'program'), 'the program');
    recipe = {
      files: [{ from: join(folder, 'program'), to: '/usr/bin/program' }],
      inline: [{ to: '/etc/passwd', content: 'root' }],
      symlinks: [{ to: '/bin', target: 'usr/bin' }],
      directories: [{ to: '/tmp', mode: 0o1777 }],
    };
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('holds what the recipe lists, sorted, owned by root, without times', async () => {
    await writeLayer(recipe, join(folder, 'layer.tar'), never);
    const tar = createReadStream(join(folder, 'layer.tar')).pipe(extract());
    const seen: string[] = [];
    for await (const entry of tar) {
      const { name, type, mode, uid, gid, mtime, linkname } = entry.header;
      const content = await text(entry);
      expect([uid, gid, mtime.getTime()]).to.deep.equal([0, 0, 0]);
      seen.push([type, name, mode.toString(8), type === 'symlink' ? linkname : content].join(' ').trim());
    }
    expect(seen).to.deep.equal([
      'symlink bin 777 usr/bin',
      'directory etc/ 755',
      'file etc/passwd 644 root',
      'directory tmp/ 1777',
      'directory usr/ 755',
      'directory usr/bin/ 755',
      'file usr/bin/program 755 the program',
    ]);
  });

  it('has the same digest whatever the order of the recipe and the times of the files', async () => {
    const first = await writeLayer(recipe, join(folder, '1.tar'), never);
    await utimes(join(folder, 'program'), 5, 5);
    const reordered = { ...recipe, inline: [...(recipe.inline ?? [])].reverse() };
    expect(await writeLayer(reordered, join(folder, '2.tar'), never)).to.equal(first);
    await writeFile(join(folder, 'program'), 'another one');
    expect(await writeLayer(recipe, join(folder, '3.tar'), never)).not.to.equal(first);
  });

  it('fails on a file that is not there instead of leaving it out', async () => {
    const missing = { files: [{ from: join(folder, 'nothing'), to: '/nothing' }] };
    const error = await writeLayer(missing, join(folder, 'layer.tar'), never).catch((thrown: unknown) => thrown);
    expect((error as NodeJS.ErrnoException).code).to.equal('ENOENT');
  });

  for (const to of ['usr/bin/x', '/usr/../x', '/usr//x', '/x/', '/']) {
    it(`refuses the path '${to}'`, () => {
      expect(() => entriesOf({ inline: [{ to, content: '' }] })).to.throw(HarnessError, `found '${to}'`);
    });
  }

  it('refuses two entries of one path', () => {
    const twice = { inline: [{ to: '/x', content: '' }], symlinks: [{ to: '/x', target: 'y' }] };
    expect(() => entriesOf(twice)).to.throw(HarnessError, 'image layer: two entries for /x');
  });
});
