import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { appendLedger, entriesOf, lastOf, readLedger, type BatchFacts, type Entry } from './ledger.ts';
import { page } from './page.ts';
import type { TrialResult } from './run-trials.ts';
import { trialsOf } from './trials.ts';

const facts: BatchFacts = {
  at: '2026-11-21T15:00:00Z',
  commit: 'abc',
  config: 'small.yaml',
  load: 2.5,
  together: 1,
  seed: 1,
};
const quick = (name: string) => ({ name, minimumHoldMs: 3_000 });
const results = (name: string, count: number, given: Partial<TrialResult> = {}): readonly TrialResult[] =>
  trialsOf({ name, minimumHoldMs: 1_000 }, count, 1).map((trial): TrialResult => {
    const recovery = trial.recovery === 'leash' ? 'leash' : 'heal';
    const leashMs = recovery === 'leash' ? 9_000 : null;
    const clean = {
      evidence: 'x',
      company: 0,
      notKilled: null,
      broken: ['w1: x'],
      backMs: 10_000,
      residue: [],
    } as const;
    return { trial, ...clean, recovery, leashMs, ...given };
  });

describe('the ledger of the crash matrix', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ledger-'));
    file = join(folder, 'crash-matrix.ndjson');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('adds what a batch has tried to what was there', () => {
    appendLedger(file, entriesOf(results('a', 20), facts));
    appendLedger(file, entriesOf([...results('a', 20).slice(0, 3), ...results('b', 1)], facts));
    const entries = readLedger(file);
    expect(entries.map(({ fault, last }) => [fault, last])).to.deep.equal([
      ['a', 20],
      ['a', 3],
      ['b', 1],
    ]);
    expect(entries[0]).to.deep.include({ byLeash: 10, byHeal: 10, broken: 20, residue: 0, slowestLeashMs: 9_000 });
    expect(entries[0]?.trials).to.deep.include({ holding: 2, random: 2 });
    expect([lastOf(entries, 'a'), lastOf(entries, 'c')]).to.deep.equal([20, 0]);
  });

  it('counts a runner that lived as no trial, but what it left as residue', () => {
    const refused = results('a', 2, { notKilled: 'refused' });
    expect(entriesOf(refused, facts)).to.deep.equal([]);
    const lived = results('a', 1, { notKilled: 'x', residue: ['w1: a rule'] });
    const step = lived[0]?.trial.crash.step ?? '';
    const [entry] = entriesOf([...refused, ...lived], facts);
    expect(entry).to.deep.include({ trials: {}, residue: 1, left: [`${step}, heal: w1: a rule`] });
  });

  it('is refused by file and line when somebody wrote into it', () => {
    writeFileSync(file, `${JSON.stringify(entriesOf(results('a', 1), facts)[0])}\n{"fault": "a"}\n`);
    expect(() => readLedger(file)).to.throw(/crash-matrix\.ndjson, line 2: expected one batch of one fault/);
  });

  it('is summed up by a page, and says how many trials are clean since the last residue', () => {
    const bad = entriesOf(results('a', 4, { residue: ['w1: a rule'] }), facts);
    const later = { ...facts, at: '2026-11-22T15:00:00Z' };
    const all: readonly Entry[] = [...bad, ...entriesOf([...results('a', 10), ...results('b', 10)], later)];
    const text = page(all, [quick('b'), quick('a'), quick('never'), { name: 'slow', minimumHoldMs: 60_000 }]);
    expect(text).to.contain('**24 runners were killed over 2 faults: 12 undone by the leash alone, 12 by `heal`');
    expect(text).to.match(/residue in 4\./);
    expect(text).to.match(/\| `a` .*\| +14 \| +7 \| +7 \| +14 \| +4 \| +10 \| +9\.00 s \| +10\.0 s \|/);
    expect(text.indexOf('`b`')).to.be.below(text.indexOf('`a`'));
    expect(text).to.match(/- `a` \(2026-11-21T15:00:00Z, abc\) [a-z-]+, heal: w1: a rule/);
    expect(text).to.contain('Not tried yet: `never`.\n');
  });
});
