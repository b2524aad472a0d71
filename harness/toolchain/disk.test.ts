import { expect } from 'chai';

import { HarnessError } from '../model/errors.ts';
import { demandRoom, freeBytes } from './disk.ts';

const gib = 1024 ** 3;

describe('demandRoom', () => {
  it('names what needs the room, where, and how much there is', async () => {
    const measure = (folder: string): Promise<number> => Promise.resolve(folder === '/small' ? 2.5 * gib : 9 * gib);
    await demandRoom('Building kubelet', 5 * gib, ['/large'], measure);
    const error = await demandRoom('Building kubelet', 5 * gib, ['/large', '/small'], measure).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(HarnessError);
    expect((error as HarnessError).code).to.equal('disk-full');
    expect((error as HarnessError).message).to.equal(
      'Building kubelet needs about 5.0 GiB of disk; /small has 2.5 GiB left',
    );
    expect((error as HarnessError).hint).to.include('SHAKEDOWN_CACHE, GOCACHE and GOMODCACHE');
  });

  it('measures the disk of a folder that does not exist yet', async () => {
    expect(await freeBytes('/proc/../tmp/not/there/yet')).to.be.greaterThan(0);
  });
});
