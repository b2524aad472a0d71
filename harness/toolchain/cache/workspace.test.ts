import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { markIsAlive, processMark } from './process-mark.ts';
import { openWorkspace } from './workspace.ts';

describe('openWorkspace', () => {
  let cache: string;

  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), 'shakedown-workspace-'));
  });

  afterEach(async () => {
    await rm(cache, { recursive: true });
  });

  it('removes what killed processes left, and nothing of a process that lives', async () => {
    // No process has the start time 1: this is the number of a live process that was used before by another.
    const dead = join(cache, 'tmp', `${String(process.pid)}-1-abcdef`);
    const alive = join(cache, 'tmp', `${processMark()}-abcdef`);
    await mkdir(dead, { recursive: true });
    await mkdir(alive, { recursive: true });
    await writeFile(join(dead, 'half'), 'half');
    await using workspace = await openWorkspace(cache);
    expect(await readdir(join(cache, 'tmp'))).to.have.members([
      `${processMark()}-abcdef`,
      workspace.path.split('/').at(-1),
    ]);
  });

  it('removes its own folder with all that is in it', async () => {
    const workspace = await openWorkspace(cache);
    await writeFile(join(workspace.path, 'half'), 'half');
    expect((await stat(workspace.path)).isDirectory()).to.equal(true);
    await workspace[Symbol.asyncDispose]();
    expect(await readdir(join(cache, 'tmp'))).to.deep.equal([]);
  });
});

describe('markIsAlive', () => {
  it('tells this process from one that had its number before, and from none', () => {
    expect(markIsAlive(processMark())).to.equal(true);
    expect(markIsAlive(`${String(process.pid)}-1`)).to.equal(false);
    expect(markIsAlive('4194303-77')).to.equal(false);
    expect(markIsAlive('not a mark')).to.equal(false);
  });
});
