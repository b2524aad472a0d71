import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { HarnessError } from '../../model/errors.ts';
import { cacheDirectory, makeCacheFolder } from './directory.ts';

describe('cacheDirectory', () => {
  it('is what SHAKEDOWN_CACHE says, which must be absolute', () => {
    expect(cacheDirectory({ SHAKEDOWN_CACHE: '/srv/cache' })).to.equal('/srv/cache');
    expect(() => cacheDirectory({ SHAKEDOWN_CACHE: 'cache' })).to.throw(
      HarnessError,
      "SHAKEDOWN_CACHE: expected an absolute path, found 'cache'",
    );
  });

  it('is a folder named shakedown by default', () => {
    expect(cacheDirectory({})).to.match(/^\/.*\/shakedown$/);
  });

  it('is made with its parents, by two at once', async () => {
    const root = await mkdtemp(join(tmpdir(), 'shakedown-folder-'));
    await Promise.all([1, 2].map(() => makeCacheFolder(join(root, 'a', 'b', 'c'))));
    expect((await stat(join(root, 'a', 'b', 'c'))).isDirectory()).to.equal(true);
    await rm(root, { recursive: true });
  });

  for (const path of ['/proc/shakedown/cache', '/dev/null/shakedown']) {
    it(`says that ${path} cannot be made`, async () => {
      const error = await makeCacheFolder(path).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(HarnessError);
      expect((error as HarnessError).message).to.equal(`The cache folder ${path} cannot be made`);
      expect((error as HarnessError).hint).to.include('SHAKEDOWN_CACHE');
    });
  }
});
