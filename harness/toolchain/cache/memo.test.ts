import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { Memo } from './memo.ts';

describe('Memo', () => {
  let folder: string;
  let file: string;
  let looks: number;
  const look = (): Promise<string> => {
    looks += 1;
    return Promise.resolve(`fact ${String(looks)}`);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shakedown-memo-'));
    file = join(folder, 'file');
    looks = 0;
    await writeFile(file, 'content');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('remembers a fact for later processes while the file stays the same', async () => {
    const memo = await Memo.open(folder, 'facts');
    expect(await memo.about(file, 'k', look)).to.equal('fact 1');
    await memo.save();
    const later = await Memo.open(folder, 'facts');
    expect(await later.about(file, 'k', look)).to.equal('fact 1');
    expect(await later.about(file, 'another', look)).to.equal('fact 2');
    await utimes(file, 1, 1);
    expect(await later.about(file, 'k', look)).to.equal('fact 3');
  });

  it('does not remember that nothing was found', async () => {
    const memo = await Memo.open(folder, 'facts');
    expect(await memo.about(file, 'k', () => Promise.resolve(null))).to.equal(null);
    expect(await memo.about(file, 'k', look)).to.equal('fact 1');
  });

  it('starts empty from a damaged file', async () => {
    await writeFile(join(folder, 'facts.json'), '{"x": 1');
    const memo = await Memo.open(folder, 'facts');
    expect(await memo.about(file, 'k', look)).to.equal('fact 1');
  });
});
