import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { exec, hostShell } from '../../harness/util/exec.ts';
import { describeFile, isSwapped, readFileOn, swapScript, unswapScript } from './swapped-file.ts';

describe('a swapped file', () => {
  let folder: string;
  let file: string;
  const { signal } = new AbortController();
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'swapped-'));
    file = join(folder, 'it is.crt');
    await writeFile(file, 'original\n');
    await chmod(file, 0o640);
    await utimes(file, 1_000.25, 1_000.25);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const run = async (script: string, input = ''): Promise<unknown> => exec(['sh', '-c', script], { input });

  it('has the mode of the original, and comes back with its times', async () => {
    const was = await describeFile(hostShell, file, signal);
    await run(swapScript(file, 'm1', null), 'other\n');
    expect(await readFile(file, 'utf8')).to.equal('other\n');
    expect((await stat(file)).mode & 0o777).to.equal(0o640);
    expect(await isSwapped(hostShell, file, 'm1', signal)).to.equal(true);
    expect(await describeFile(hostShell, file, signal)).not.to.equal(was);
    await run(unswapScript(file, 'm1', null));
    await run(unswapScript(file, 'm1', null));
    expect(await describeFile(hostShell, file, signal)).to.equal(was);
    expect(await readdir(folder)).to.deep.equal(['it is.crt']);
  });

  it('keeps the first original when it is swapped twice, and leaves the file alone when nothing was kept', async () => {
    await run(unswapScript(file, 'm1', null));
    expect(await readFile(file, 'utf8')).to.equal('original\n');
    await run(swapScript(file, 'm1', null), 'one\n');
    await run(swapScript(file, 'm1', null), 'two\n');
    await run(unswapScript(file, 'm1', null));
    expect(await readFile(file, 'utf8')).to.equal('original\n');
  });

  it('is restored from a copy that was broken off', async () => {
    await writeFile(`${file}.shakedown_m1.new`, 'ori');
    await run(unswapScript(file, 'm1', null));
    expect(await readFile(file, 'utf8')).to.equal('original\n');
    expect(await readdir(folder)).to.deep.equal(['it is.crt']);
  });

  it('is read where it really is, or refused', async () => {
    await exec(['ln', '-s', file, join(folder, 'link')]);
    expect(await readFileOn(hostShell, join(folder, 'link'), signal)).to.deep.equal({ path: file, text: 'original' });
    const said = await readFileOn(hostShell, join(folder, 'none'), signal).catch((error: unknown) => String(error));
    expect(said).to.match(/host has no file .*none that can be read/);
  });
});
