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

  it('says which folder cannot be made', async () => {
    const error = await makeCacheFolder('/dev/null/shakedown').catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(HarnessError);
    expect((error as HarnessError).message).to.equal('The cache folder /dev/null/shakedown cannot be made');
  });
});
