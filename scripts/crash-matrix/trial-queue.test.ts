import { expect } from 'chai';

import { isFleeting } from './crash.ts';
import { TrialQueue, type Fit } from './trial-queue.ts';
import { trialsOf, type Trial } from './trials.ts';

const of = (names: readonly string[], count: number): readonly Trial[] =>
  names
    .flatMap((name) => trialsOf({ name, minimumHoldMs: 1_000 }, count, 1))
    .toSorted((one, other) => one.number - other.number);
const always: Fit = (_group, trial) => Promise.resolve(trial);
const idsOf = (trials: readonly Trial[]): readonly string[] => trials.map(({ id }) => id);

async function all(queue: TrialQueue, size: number, fit = always): Promise<readonly (readonly Trial[])[]> {
  const group = await queue.take(size, fit);
  return group.length === 0 ? [] : [group, ...(await all(queue, size, fit))];
}

describe('a queue of trials', () => {
  it('gives each trial to one taker', async () => {
    const queue = new TrialQueue(of(['a', 'b'], 3));
    const [one, other] = await Promise.all([all(queue, 1), all(queue, 1)]);
    expect(idsOf([...one, ...other].flat()).toSorted()).to.deep.equal(idsOf(of(['a', 'b'], 3)).toSorted());
  });

  it('gives none of a fault that was dropped, and once more what is to be made again, by itself', async () => {
    const trials = of(['a', 'b'], 2);
    const queue = new TrialQueue(trials);
    queue.drop('a');
    queue.again(trials.find(({ id }) => id === 'b-002')!);
    expect((await all(queue, 1)).map(idsOf)).to.deep.equal([['b-002'], ['b-001'], ['b-002']]);
  });

  it('begins nothing when its time is over, but what is to be made again', async () => {
    const [first, second] = of(['a'], 2);
    const queue = new TrialQueue([first!, second!], () => true);
    queue.again(first!);
    expect((await all(queue, 1)).map(idsOf)).to.deep.equal([['a-001']]);
  });

  it('puts trials together that are recovered in the same way, and each trial once', async () => {
    const trials = of(['a', 'b', 'c', 'd', 'e'], 20);
    const groups = await all(new TrialQueue(trials), 4);
    expect(idsOf(groups.flat()).toSorted()).to.deep.equal(idsOf(trials).toSorted());
    expect(groups.some((group) => group.length === 4)).to.equal(true);
    for (const group of groups) {
      expect(group.length).to.be.at.most(4);
      expect(new Set(group.map(({ recovery }) => recovery)).size, 'ways of recovery').to.equal(1);
      expect(new Set(group.map(({ fault }) => fault)).size, 'faults').to.equal(group.length);
      expect(group.filter(({ crash }) => isFleeting(crash)).length, 'fleeting').to.be.at.most(1);
    }
  });

  it('gives a trial as it fits', async () => {
    const fit: Fit = (_group, trial) => Promise.resolve({ ...trial, seed: 7 });
    const [, ...company] = await new TrialQueue(of(['a', 'b', 'c', 'd', 'e'], 1)).take(5, fit);
    expect(new Set(company.map(({ seed }) => seed))).to.deep.equal(new Set([7]));
  });

  it('keeps the order of the trials of each fault, also of those that do not fit', async () => {
    let asked = 0;
    const fit: Fit = (_group, trial) => Promise.resolve((asked += 1) % 3 === 0 ? trial : null);
    const taken = (await all(new TrialQueue(of(['a', 'b', 'c', 'd'], 20)), 3, fit)).flat();
    for (const name of ['a', 'b', 'c', 'd']) {
      const numbers = taken.filter(({ fault }) => fault === name).map(({ number }) => number);
      expect(numbers, name).to.deep.equal(Array.from({ length: 20 }, (_, index) => index + 1));
    }
  });
});
