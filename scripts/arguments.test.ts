import { expect } from 'chai';

import { selection } from './arguments.ts';

describe('selection', () => {
  it('takes the checks and the suites when nothing is said', () => {
    expect(selection([])('check')).to.equal(true);
    expect(selection([])('suites/chaos/etcd-leader-loss.ts')).to.equal(true);
  });

  it('leaves the game days to those who ask for them', () => {
    expect(selection([])('suites/game-day/pleg-stall.ts')).to.equal(false);
    expect(selection(['--only', 'suites/game-day'])('suites/game-day/pleg-stall.ts')).to.equal(true);
  });

  it('takes a folder, a file, and the checks by name', () => {
    const wants = selection(['--only', './suites/chaos/', '--only', 'check']);
    expect(wants('suites/chaos/etcd-leader-loss.ts')).to.equal(true);
    expect(wants('check')).to.equal(true);
    expect(wants('suites/chaos-more/x.ts')).to.equal(false);
    expect(wants('suites/sabotage/rto.ts')).to.equal(false);
  });

  it('refuses an option that it does not know', () => {
    expect(() => selection(['--onyl', 'x'])).to.throw("Unknown option '--onyl'");
  });
});
