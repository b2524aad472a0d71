import { expect } from 'chai';

import { during } from '../model/scenario.ts';
import { clashesOf } from './foresee.ts';

describe('steps that share a target', () => {
  const first = during('kubelet-stop', {}, { from: '2s', hold: '10s' });

  it('clash when their times overlap, and the later one says with whom', () => {
    const second = during('network-cut', {}, { from: '11s', hold: '5s' });
    expect(clashesOf([first, second], [['w1'], ['w2', 'w1']])).to.deep.equal([
      null,
      'expected targets that no other step holds at the same time, found w1 in 1-kubelet-stop (2.00 s to 12.0 s) and in 2-network-cut (11.0 s to 16.0 s)',
    ]);
  });

  it('do not clash on other targets, nor one after the other', () => {
    const meanwhile = during('network-cut', {}, { from: '3s', hold: '5s' });
    const afterwards = during('network-cut', {}, { from: '12s', hold: '5s' });
    const following = { ...during('network-cut', {}, { from: '0s', hold: '5s' }), following: true };
    expect(clashesOf([first, meanwhile], [['w1'], ['w2']])).to.deep.equal([null, null]);
    expect(clashesOf([first, afterwards], [['w1'], ['w1']])).to.deep.equal([null, null]);
    expect(clashesOf([first, following], [['w1'], ['w1']])).to.deep.equal([null, null]);
  });
});
