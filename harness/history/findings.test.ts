import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { seeded } from '../util/random.ts';
import { compareRuns, comparisonLines } from './compare.ts';
import { flakinessOf } from './flakiness.ts';
import { importRuns } from './import-runs.ts';
import { learnLimits } from './learn.ts';
import { selectRuns } from './select-runs.ts';
import { seriesOf } from './series.ts';
import { HistoryStore, type StoredRun } from './store.ts';
import { storeRuns, type MadeUp } from './testing.ts';
import { trendOf } from './trend.ts';

/** Runs whose recovery takes turns around a mean. */
const runs = (prefix: string, count: number, meanMs: number, more: Partial<MadeUp> = {}): MadeUp[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${prefix}${String(index).padStart(2, '0')}`,
    recoveryMs: meanMs + ((index * 37) % 11) * 100 - 500,
    ...more,
  }));

function stored(made: readonly MadeUp[]): readonly StoredRun[] {
  const directory = mkdtempSync(join(tmpdir(), 'history-'));
  try {
    storeRuns(directory, made);
    using store = new HistoryStore(':memory:');
    importRuns(store, directory);
    return store.runs();
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const trends = (made: readonly MadeUp[]): readonly string[] =>
  seriesOf(stored(made)).map((each) => trendOf(each).sentence);

describe('comparing runs', () => {
  const old = { commit: 'aaaa1111', version: '0.1.0' };
  const recent = { commit: 'bbbb2222-dirty', version: '0.2.0', seed: 8 };
  const lines = (made: readonly MadeUp[], first = 'aaaa1111', second = 'bbbb2222'): readonly string[] => {
    const all = stored(made);
    return comparisonLines(compareRuns(selectRuns(all, first), selectRuns(all, second), seeded(1)));
  };

  it('says how much worse, how sure, and from how many runs', () => {
    expect(lines([...runs('a', 20, 2_000, old), ...runs('b', 20, 3_200, recent)])).to.deep.equal([
      'api-rto(target=api-ha): recovery is worse by 1.20 s, 95 % interval 987 ms to 1.42 s, 20 runs each',
      'api-rto(target=api-ha): acknowledged is the same in every run, 20 runs each',
      '',
      '95 % intervals of the difference of means by the bootstrap-t method, 2000 resamples, seeded; values are the middles of the measured intervals',
    ]);
  });

  it('says that it sees no difference', () => {
    expect(lines([...runs('a', 20, 2_000, old), ...runs('b', 11, 2_010, recent)])[0]).to.equal(
      'api-rto(target=api-ha): recovery shows no difference: 10 ms, 95 % interval -256 ms to 289 ms, 20 and 11 runs',
    );
  });

  it('says better of a time, and only lower of a count without a limit', () => {
    const better = runs('b', 6, 1_000, recent).map((run, index) => ({ ...run, acknowledged: 300 + index }));
    expect(lines([...runs('a', 6, 4_000, old), ...better]).slice(0, 2)).to.deep.equal([
      'api-rto(target=api-ha): recovery is better by 3.00 s, 95 % interval 2.55 s to 3.50 s, 6 runs each',
      'api-rto(target=api-ha): acknowledged is lower by 198, 95 % interval 195 to 200, 6 runs each',
    ]);
  });

  it('gives no interval below 5 runs', () => {
    expect(lines([...runs('a', 4, 2_000, old), ...runs('b', 20, 9_000, recent)])).to.deep.equal([
      '2 figures cannot be compared: 4 and 20 runs have a value, 5 are needed on each side',
    ]);
  });

  it('does not count what was judged unknown, or has no bound', () => {
    const unknown = runs('c', 9, 2_000, { ...old, status: 'unknown' });
    const open = runs('d', 9, 0, { ...old, recoveryMs: null });
    const all = lines([...runs('a', 3, 2_000, old), ...unknown, ...open, ...runs('b', 20, 9_000, recent)]);
    expect(all.slice(-1)[0]).to.include('bootstrap');
    expect(all).to.include(
      'api-rto(target=api-ha): recovery cannot be compared: 3 and 20 runs have a value, 5 are needed on each side',
    );
  });

  it('keeps scenarios apart', () => {
    const other = runs('x', 6, 1_000, { ...old, scenario: 'power-loss' });
    expect(lines([...runs('a', 6, 2_000, old), ...other, ...runs('b', 6, 2_000, recent)])).to.include(
      'power-loss, api-rto(target=api-ha): recovery (ms): only in the first',
    );
  });

  it('finds runs by id, label, commit, version, seed and scenario', () => {
    const all = stored([
      ...runs('a', 2, 1, old),
      ...runs('b', 3, 1, recent),
      ...runs('x', 1, 1, { ...old, scenario: 's', labels: ['slow-disk', '8'] }),
    ]);
    const count = (name: string, by?: 'label' | 'commit' | 'version' | 'seed'): number =>
      selectRuns(all, name, by).length;
    expect([count('a01'), count('aaaa'), count('bbbb2222'), count('0.2.0'), count('8', 'seed')]).to.deep.equal([
      1, 3, 3, 3, 3,
    ]);
    expect([count('slow-disk'), count('8', 'label'), count('8')]).to.deep.equal([1, 1, 1]);
    expect([count('s@aaaa1111'), count('leader-loss@0.1.0'), count('7', 'seed')]).to.deep.equal([1, 2, 3]);
    expect(() => count('aaab1111')).to.throw(
      "No stored run has the id, label, commit, version or seed 'aaab1111'; did you mean 'aaaa1111'?",
    );
    expect(() => count('a01', 'seed')).to.throw("No stored run has the seed 'a01'");
  });
});

describe('what the history teaches', () => {
  it('proposes limits from 20 runs that held', () => {
    const learned = learnLimits(seriesOf(stored(runs('a', 20, 2_000))));
    expect(learned.map(({ sentence }) => sentence)).to.deep.equal([
      'api-rto(target=api-ha): recovery: 3.20 s is proposed as limit: 95 % of 20 runs stayed within 2.60 s, and 20 % are added; it is 10.0 s now',
    ]);
  });

  it('refuses to learn from fewer, and from runs that did not hold', () => {
    const made = [...runs('a', 19, 2_000), ...runs('b', 30, 9_000, { outcome: 'violated', status: 'violated' })];
    const [learned] = learnLimits(seriesOf(stored(made)));
    expect(learned?.proposed).to.equal(null);
    expect(learned?.sentence).to.equal(
      'api-rto(target=api-ha): recovery: 19 runs held; a limit is learned from 20 or more',
    );
  });

  it('names the run with which a level changed', () => {
    const made = [...runs('a', 12, 2_000), ...runs('b', 8, 5_000, { commit: 'bad0bad0' })];
    expect(trends(made)).to.deep.equal([
      'api-rto(target=api-ha): recovery: changed from 1.96 s to 4.94 s with run b00 (commit bad0bad0), 8 runs ago; the last 5.10 s',
      'api-rto(target=api-ha): acknowledged: 500 on average over 20 runs; the last 500',
    ]);
  });

  it('tells of runs without a value', () => {
    expect(trends([...runs('a', 2, 2_000), { id: 'b', recoveryMs: null }])[0]).to.equal(
      'api-rto(target=api-ha): recovery: 1.70 s on average over 2 runs; the last 1.90 s; 1 more does not tell',
    );
    expect(trends([{ id: 'b', recoveryMs: null }])[0]).to.equal(
      'api-rto(target=api-ha): recovery: 1 run, and none of them tells',
    );
  });

  it('names what is flaky, and the phase that varies', () => {
    const made = runs('a', 6, 2_000).map((run, index) => ({ ...run, recoverPhaseMs: 2_000 + 1_500 * index }));
    const flaky = flakinessOf(stored([...made, { id: 'b', outcome: 'violated', status: 'violated' }]));
    expect(flaky.flaky).to.equal(true);
    expect(flaky.sentence).to.equal(
      'flaky: commit abcdef123456 ended in different ways (1 violated, 6 held); the phase that varies most is recover: 5.36 s on average, standard deviation 2.76 s (52 %) over 7 runs',
    );
    expect(flakinessOf(stored(made)).sentence).to.equal(
      'not known to be flaky: 6 held, and no commit ended in different ways; the phase that varies most is recover: 5.75 s on average, standard deviation 2.81 s (49 %) over 6 runs',
    );
  });

  it('names the step of the incident that varies', () => {
    const made = runs('a', 6, 2_000).map((run, index) => ({ ...run, noticedMs: 2_000 + 1_500 * index }));
    const { sentence, phases } = flakinessOf(stored(made));
    expect(sentence).to.equal(
      'not known to be flaky: 6 held, and no commit ended in different ways; the phase that varies most is injection to noticed: 5.75 s on average, standard deviation 2.81 s (49 %) over 6 runs',
    );
    expect(phases.find(({ name }) => name === 'injection to withdrawn')).to.include({ meanMs: 10_000, deviationMs: 0 });
    expect(phases.map(({ name }) => name)).not.to.include('injection to healed');
  });

  it('does not call two trees flaky because both are dirty', () => {
    const made: MadeUp[] = [
      { id: 'a', commit: 'abc-dirty' },
      { id: 'b', commit: 'abc-dirty', outcome: 'violated' },
    ];
    expect(flakinessOf(stored(made)).flaky).to.equal(false);
  });
});
