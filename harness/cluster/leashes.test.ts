import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { dropHostLeashes, leashName } from './leashes.ts';

describe('the leashes that this machine holds for a cluster', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'leashes-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it('go with it, and no other cluster loses its own', () => {
    const folder = join(root, 'shakedown', 'leash');
    for (const cluster of ['c', 'c-d']) mkdirSync(join(folder, leashName(cluster, 'ab12_0', 0)), { recursive: true });
    dropHostLeashes('c', folder);
    expect(readdirSync(folder)).to.deep.equal(['c-d-ab12_0-0']);
    dropHostLeashes('c-d', folder);
    expect(existsSync(join(root, 'shakedown'))).to.equal(false);
  });

  it('may be none', () => {
    dropHostLeashes('c', join(root, 'nowhere'));
    expect(readdirSync(root)).to.deep.equal([]);
  });
});
