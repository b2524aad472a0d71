import { expect } from 'chai';

import { TrialQueue } from './trial-queue.ts';
import { trialsOf } from './trials.ts';

const trials = ['a', 'b'].flatMap((name) => trialsOf({ name, minimumHoldMs: 1_000 }, 3, 1));
const ids = (some: Iterable<{ readonly id: string }>): readonly string[] => [...some].map(({ id }) => id);

describe('a queue of trials', () => {
  it('gives each trial to one taker, also when another has stopped', () => {
    const queue = new TrialQueue(trials);
    for (const { id } of queue) if (id === 'a-002') break;
    expect(ids(queue)).to.deep.equal(['a-003', 'b-001', 'b-002', 'b-003']);
    expect(ids(queue)).to.deep.equal([]);
  });

  it('gives none of a fault that was dropped', () => {
    const queue = new TrialQueue(trials);
    queue.drop('a');
    expect(ids(queue)).to.deep.equal(['b-001', 'b-002', 'b-003']);
  });

  it('ends when its time is over', () => {
    let over = false;
    const taken: string[] = [];
    for (const { id } of new TrialQueue(trials, () => over)) {
      taken.push(id);
      over = taken.length === 2;
    }
    expect(taken).to.deep.equal(['a-001', 'a-002']);
  });
});
