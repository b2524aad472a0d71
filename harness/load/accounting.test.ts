import { expect } from 'chai';
import fc from 'fast-check';

import { accountFor, dueBy, type Schedule, type Sent } from './accounting.ts';

const schedule = (slots: number, tail: Schedule['tail'] = 'dropped'): Schedule => ({
  firstMs: 100,
  periodMs: 25,
  untilMs: 100 + (slots - 1) * 25 + 1,
  tail,
});
/** Requests sent exactly in those slots; k6 numbers them one after the other. */
const inSlots = (...slots: number[]): Sent[] => slots.map((slot, seq) => ({ seq, startMs: 100 + slot * 25 }));

describe('accounting for the schedule', () => {
  it('counts what was due', () => {
    expect(dueBy({ firstMs: 100, periodMs: 25, untilMs: 99 })).to.equal(0);
    expect(dueBy({ firstMs: 100, periodMs: 25, untilMs: 100 })).to.equal(1);
    expect(dueBy({ firstMs: 100, periodMs: 25, untilMs: 200 })).to.equal(5);
  });

  it('finds nothing missing when every slot was answered', () => {
    const { missing, within } = accountFor(schedule(5), inSlots(0, 1, 2, 3, 4));
    expect(missing).to.deep.equal([]);
    expect([...within]).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it('finds dropped requests at their scheduled times, numbered after those sent', () => {
    const { missing } = accountFor(schedule(6), inSlots(0, 1, 4, 5));
    expect(missing).to.deep.equal([
      { seq: 4, atMs: 150, error: 'dropped' },
      { seq: 5, atMs: 175, error: 'dropped' },
    ]);
  });

  it('does not take lateness for drops', () => {
    const late: Sent[] = [0, 1, 2, 3, 4, 5].map((seq) => ({ seq, startMs: Math.max(100 + seq * 25, 210) }));
    expect(accountFor(schedule(6), late).missing).to.deep.equal([]);
  });

  it('finds a sent request without an answer under its own number', () => {
    const sent = inSlots(0, 1, 2, 3, 4).filter(({ seq }) => seq !== 2);
    expect(accountFor(schedule(5), sent).missing).to.deep.equal([{ seq: 2, atMs: 150, error: 'unanswered' }]);
  });

  it('says of the tail what it is told', () => {
    expect(accountFor(schedule(4, 'unanswered'), inSlots(0, 1)).missing).to.deep.equal([
      { seq: 2, atMs: 150, error: 'unanswered' },
      { seq: 3, atMs: 175, error: 'unanswered' },
    ]);
    expect(accountFor(schedule(3), []).missing.map(({ error }) => error)).to.deep.equal([
      'dropped',
      'dropped',
      'dropped',
    ]);
  });

  it('leaves out what was sent after the end', () => {
    const { within, missing } = accountFor(schedule(2), inSlots(0, 1, 2, 3));
    expect([...within]).to.deep.equal([0, 1]);
    expect(missing).to.deep.equal([]);
  });

  it('accounts for every slot once, whatever is dropped, late or unanswered', () => {
    const fate = fc.constantFrom('sent', 'dropped', 'unanswered', 'late');
    fc.assert(
      fc.property(fc.array(fate, { maxLength: 60 }), (fates) => {
        let next = 0;
        const sent = fates.flatMap((one, slot): Sent[] => {
          if (one === 'dropped') return [];
          const seq = next++;
          return one === 'unanswered' ? [] : [{ seq, startMs: 100 + slot * 25 + (one === 'late' ? 20 : 0) }];
        });
        const { within, missing } = accountFor(schedule(fates.length), sent);
        const numbers = [...within, ...missing.map(({ seq }) => seq)].sort((a, b) => a - b);
        expect(numbers).to.deep.equal(fates.map((_, slot) => slot));
        expect(missing.every(({ atMs }) => atMs >= 100 && atMs < 100 + fates.length * 25)).to.equal(true);
      }),
    );
  });
});
