import { appendFile, readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { HarnessError } from '../model/errors.ts';
import { exec } from '../util/exec.ts';
import { ensurePrograms, type World } from './ensure.ts';
import type { ProgramName } from './programs.ts';
import { FakeSource, FakeWorld, writeProgram } from './testing/fake-world.ts';

const never = new AbortController().signal;
const quiet = (): void => undefined;
const kubelet = 'Kubernetes v1.34.4';

async function errorOf(names: readonly ProgramName[], world: World, signal = never): Promise<HarnessError> {
  try {
    await ensurePrograms(names, quiet, signal, world);
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Every file under a folder, so that half-done things are seen wherever they lie. */
async function filesUnder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe('ensurePrograms', () => {
  it('takes a program from PATH when its version fits', async () => {
    const source = new FakeSource('module', { kubelet });
    await using world = await FakeWorld.make(source);
    const path = await writeProgram(join(world.bin, 'kubelet'), kubelet);
    const found = await ensurePrograms(['kubelet'], quiet, never, world);
    expect(found.get('kubelet')).to.equal(path);
    expect(source.asked).to.deep.equal([]);
  });

  it('leaves a program on PATH whose version does not fit, and asks the sources', async () => {
    const source = new FakeSource('module', { kubectl: 'Client Version: v1.34.4' });
    await using world = await FakeWorld.make(source);
    await writeProgram(join(world.bin, 'kubectl'), 'Client Version: v1.32.4-dispatcher');
    const found = await ensurePrograms(['kubectl'], quiet, never, world);
    expect(found.get('kubectl')).to.match(new RegExp(`^${world.cache}/programs/kubectl/[0-9a-f]{16}/kubectl$`));
  });

  it('says which version on PATH did not fit when nothing else is to be had', async () => {
    await using world = await FakeWorld.make();
    const path = await writeProgram(join(world.bin, 'kubelet'), 'Kubernetes v1.30.0');
    const error = await errorOf(['kubelet'], world);
    expect(error.code).to.equal('toolchain');
    expect(error.message).to.equal(
      `kubelet (1.34.4) could not be obtained from anywhere; ${path} is version 1.30.0, wanted is 1.34.4`,
    );
  });

  it('asks the sources in their order, each for what those before it left out', async () => {
    const first = new FakeSource('release', { kubelet });
    const second = new FakeSource('module', { kubelet, 'kube-proxy': kubelet });
    await using world = await FakeWorld.make(first, second);
    await ensurePrograms(['kubelet', 'kube-proxy'], quiet, never, world);
    expect(first.asked).to.deep.equal(['kubelet']);
    expect(second.asked).to.deep.equal(['kube-proxy']);
  });

  it('finds everything in the cache the second time and runs none of it', async () => {
    const source = new FakeSource('module', { kubelet });
    await using world = await FakeWorld.make(source);
    const path = (await ensurePrograms(['kubelet'], quiet, never, world)).get('kubelet') ?? '';
    // The script counts its runs beside itself, which was in the workspace when it was checked.
    expect((await ensurePrograms(['kubelet'], quiet, never, world)).get('kubelet')).to.equal(path);
    expect(source.asked).to.deep.equal(['kubelet']);
    expect(await filesUnder(join(world.cache, 'programs'))).to.have.members(['kubelet', 'manifest.json']);
  });

  it('does not run a program on PATH again that has not changed', async () => {
    await using world = await FakeWorld.make();
    const path = await writeProgram(join(world.bin, 'kubelet'), kubelet);
    await ensurePrograms(['kubelet'], quiet, never, world);
    await ensurePrograms(['kubelet'], quiet, never, world);
    expect(await readFile(`${path}.runs`, 'utf8')).to.equal('x\n');
    await utimes(path, 1, 1);
    await ensurePrograms(['kubelet'], quiet, never, world);
    expect(await readFile(`${path}.runs`, 'utf8')).to.equal('x\nx\n');
  });

  it('gets a program anew when its file in the cache was changed', async () => {
    const source = new FakeSource('module', { kubelet });
    await using world = await FakeWorld.make(source);
    const path = (await ensurePrograms(['kubelet'], quiet, never, world)).get('kubelet') ?? '';
    await appendFile(path, 'damage');
    await ensurePrograms(['kubelet'], quiet, never, world);
    expect(source.asked).to.deep.equal(['kubelet', 'kubelet']);
    expect(await readFile(path, 'utf8')).not.to.include('damage');
  });

  it('gets a program anew when its manifest is damaged', async () => {
    const source = new FakeSource('module', { kubelet });
    await using world = await FakeWorld.make(source);
    const path = (await ensurePrograms(['kubelet'], quiet, never, world)).get('kubelet') ?? '';
    await writeFile(join(path, '..', 'manifest.json'), '{');
    await ensurePrograms(['kubelet'], quiet, never, world);
    expect(source.asked).to.deep.equal(['kubelet', 'kubelet']);
  });

  it('leaves nothing under the final name, and no half-done file, when a build breaks off', async () => {
    const source = new FakeSource('module', { kubelet }, () => Promise.reject(new Error('killed half-way')));
    await using world = await FakeWorld.make(source);
    let message = '';
    await ensurePrograms(['kubelet'], quiet, never, world).catch((error: unknown) => {
      message = (error as Error).message;
    });
    expect(message).to.equal('killed half-way');
    expect(await filesUnder(join(world.cache, 'programs'))).to.deep.equal([]);
    expect(await filesUnder(join(world.cache, 'tmp'))).to.deep.equal([]);
  });

  it('keeps nothing and frees the lock when it is aborted half-way', async () => {
    const interrupt = new AbortController();
    const source = new FakeSource('module', { kubelet }, ({ signal }) => {
      interrupt.abort(new HarnessError('interrupted', 'stop'));
      signal.throwIfAborted();
      return Promise.resolve();
    });
    await using world = await FakeWorld.make(source);
    expect((await errorOf(['kubelet'], world, interrupt.signal)).code).to.equal('interrupted');
    expect(await filesUnder(join(world.cache, 'tmp'))).to.deep.equal([]);
    expect(await readdir(world.cache)).not.to.include('lock');
  });

  it('throws away what a source gave when it says another version', async () => {
    await using world = await FakeWorld.make(new FakeSource('release', { kubelet: 'Kubernetes v1.34.3' }));
    const error = await errorOf(['kubelet'], world);
    expect(error.message).to.match(
      /^What fake release gave as kubelet was thrown away: .* is version 1\.34\.3, wanted is 1\.34\.4$/,
    );
    expect(await filesUnder(join(world.cache, 'programs'))).to.deep.equal([]);
  });

  it('says in a sentence that the disk is full', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    await using world = await FakeWorld.make(new FakeSource('module', { kubelet }, () => Promise.reject(full)));
    const error = await errorOf(['kubelet'], world);
    expect(error.code).to.equal('disk-full');
    expect(error.message).to.equal(`There is no room left on the disk that holds ${world.cache}`);
    expect(error.hint).to.include('SHAKEDOWN_CACHE');
  });

  it('takes a folder of plugins only when all of them are there', async () => {
    await using world = await FakeWorld.make();
    const folder = join(world.root, 'cni');
    await exec(['mkdir', folder]);
    const says = 'CNI protocol versions supported: 0.4.0, 1.0.0';
    for (const plugin of ['bridge', 'ptp', 'host-local', 'portmap']) await writeProgram(join(folder, plugin), says);
    expect((await errorOf(['cni-plugins'], world)).message).to.include('cni-plugins (>= 1.0.0) could not be obtained');
    await writeProgram(join(folder, 'loopback'), says);
    expect((await ensurePrograms(['cni-plugins'], quiet, never, world)).get('cni-plugins')).to.equal(folder);
  });

  it('builds once when two processes start at once, and both get it', async () => {
    await using world = await FakeWorld.make();
    const script = join(import.meta.dirname, 'testing', 'fill-cache.ts');
    const log = join(world.root, 'log');
    const runs = await Promise.all([1, 2].map(() => exec([process.execPath, script, world.root, log])));
    expect(await readFile(log, 'utf8')).to.equal('built\n');
    const [one, other] = runs.map(({ stdout }) => stdout.trim().split('\n').at(-1));
    expect(one).to.equal(other);
    expect((await stat(one ?? '')).isFile()).to.equal(true);
    expect(runs.map(({ stdout }) => stdout).join('\n')).to.match(
      /waiting for another run \(process \d+\) that fills the cache/,
    );
  }).timeout(30_000);
});
