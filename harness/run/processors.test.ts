import { expect } from 'chai';

import { HarnessError } from '../model/errors.ts';
import type { GapEvent } from '../model/history.ts';
import { parseStat, ProcessorWatch, starvedBy, stolenFrom, type ProcessorLook } from './processors.ts';

const look = (atMs: number, idleTicks: number, running: number, stolenTicks = 5): ProcessorLook => ({
  atMs,
  ticks: atMs / 5,
  idleTicks,
  stolenTicks,
  processors: 2,
  running,
});

describe('the processors of this machine', () => {
  it('are read from what Linux writes', () => {
    const text = `cpu  100 1 50 800 20 3 4 5 7 0
cpu0 50 1 25 400 10 2 2 3 7 0
cpu1 50 0 25 400 10 1 2 2 0 0
intr 1 2 3
procs_running 6
procs_blocked 0
`;
    expect(parseStat(text, 7)).to.deep.equal({
      atMs: 7,
      ticks: 983,
      idleTicks: 820,
      stolenTicks: 5,
      processors: 2,
      running: 6,
    });
  });

  it('are not guessed at where there is no Linux', () => {
    expect(() => parseStat('', 0)).to.throw(HarnessError, /expected the lines cpu and procs_running/);
  });

  it('are starved when nothing is left of them and many tasks wait', () => {
    expect(starvedBy([look(0, 10, 12), look(250, 10, 16), look(500, 11, 20)])).to.equal(8);
  });

  it('are not starved while something is left, however many tasks wait at the moments of the looks', () => {
    expect(starvedBy([look(0, 10, 40), look(500, 20, 40)])).to.equal(null);
  });

  it('are not starved by a load that just fills them', () => {
    expect(starvedBy([look(0, 10, 3), look(500, 10, 6)])).to.equal(null);
  });

  it('stay starved until the queue is short', () => {
    expect(starvedBy([look(0, 10, 40), look(500, 20, 40)], true)).to.equal(20);
    expect(starvedBy([look(0, 10, 6), look(500, 20, 6)], true)).to.equal(null);
  });

  it('are stolen when the hypervisor gives a good part of them to others, however idle they look', () => {
    expect(stolenFrom([look(0, 10, 1, 5), look(500, 40, 1, 35)])).to.equal(0.3);
    expect(stolenFrom([look(0, 10, 1, 5), look(500, 40, 1, 20)])).to.equal(null);
  });

  it('are not judged by one look', () => {
    expect(starvedBy([look(0, 10, 40)])).to.equal(null);
    expect(starvedBy([])).to.equal(null);
    expect(stolenFrom([look(0, 10, 40)])).to.equal(null);
  });

  it('are watched in windows that overlap: half a second without them is found whenever it began', () => {
    const gaps: GapEvent[] = [];
    const watch = new ProcessorWatch((gap) => void gaps.push(gap));
    // From 700 ms to 1.4 s nothing is left: no window of a grid of half seconds lies in it.
    for (let atMs = 0; atMs <= 2_500; atMs += 100) {
      const takenMs = Math.min(700, Math.max(0, atMs - 700));
      watch.take(look(atMs, (atMs - takenMs) / 5, atMs > 700 && atMs <= 1_400 ? 14 : 1));
    }
    watch.end();
    expect(gaps[0]?.startMs).to.equal(700);
    expect(gaps.at(-1)?.endMs).to.be.within(1_400, 1_800);
    for (const [at, { startMs }] of gaps.slice(1).entries()) expect(startMs).to.equal(gaps[at]?.endMs);
  });

  it('are not said to be missing where a shorter time than that was', () => {
    const gaps: GapEvent[] = [];
    const watch = new ProcessorWatch((gap) => void gaps.push(gap));
    for (let atMs = 0; atMs <= 2_500; atMs += 100) {
      const takenMs = Math.min(300, Math.max(0, atMs - 700));
      watch.take(look(atMs, (atMs - takenMs) / 5, atMs > 700 && atMs <= 1_000 ? 14 : 1));
    }
    watch.end();
    expect(gaps).to.deep.equal([]);
  });
});
