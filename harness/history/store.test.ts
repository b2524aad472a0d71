import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { expect } from 'chai';

import { importRuns } from './import-runs.ts';
import { historyFile, HistoryStore } from './store.ts';
import { madeUpReport, storeRuns } from './testing.ts';

describe('the store of runs', () => {
  let runs: string;
  beforeEach(() => {
    runs = mkdtempSync(join(tmpdir(), 'history-'));
  });
  afterEach(() => {
    rmSync(runs, { recursive: true });
  });

  it('holds what the reports say, in the order of their starts', () => {
    storeRuns(runs, [
      { id: 'b', recoveryMs: 2_000 },
      { id: 'a', scenario: 'power-loss' },
      { id: 'c', recoveryMs: null },
    ]);
    using store = new HistoryStore(historyFile(runs));
    expect(importRuns(store, runs)).to.deep.equal({ imported: 3, known: 0, leftOut: [] });
    expect(store.runs().map(({ id }) => id)).to.deep.equal(['a', 'b', 'c']);
    const [b, c] = store.runs('leader-loss');
    expect(b?.figures).to.deep.equal([
      {
        guarantee: 'api-rto(target=api-ha)',
        name: 'recovery',
        unit: 'ms',
        lower: 1_900,
        upper: 2_100,
        midpoint: 2_000,
        limit: 10_000,
        status: 'held',
      },
      {
        guarantee: 'api-rto(target=api-ha)',
        name: 'acknowledged',
        unit: 'count',
        lower: 500,
        upper: 500,
        midpoint: 500,
        limit: null,
        status: 'held',
      },
    ]);
    expect(b?.phases[1]).to.deep.equal({ name: 'recover', tookMs: 3_000, failed: false });
    expect(c?.figures[0], 'no upper bound, so no middle').to.include({ lower: 5_000, upper: null, midpoint: null });
  });

  it('takes a run once, and again when its report has changed', () => {
    storeRuns(runs, [{ id: 'a' }, { id: 'b' }]);
    const file = historyFile(runs);
    {
      using store = new HistoryStore(file);
      importRuns(store, runs);
    }
    storeRuns(runs, [{ id: 'b', outcome: 'violated', status: 'violated' }]);
    using store = new HistoryStore(file);
    expect(importRuns(store, runs)).to.deep.equal({ imported: 1, known: 1, leftOut: [] });
    expect(importRuns(store, runs)).to.deep.equal({ imported: 0, known: 2, leftOut: [] });
    expect(store.runs().map(({ id, outcome }) => [id, outcome])).to.deep.equal([
      ['a', 'held'],
      ['b', 'violated'],
    ]);
    expect(store.runs()[1]?.figures).to.have.length(2);
  });

  it('keeps a run whose directory is gone', () => {
    storeRuns(runs, [{ id: 'a' }]);
    using store = new HistoryStore(historyFile(runs));
    importRuns(store, runs);
    rmSync(join(runs, 'a'), { recursive: true });
    importRuns(store, runs);
    expect(store.runs()).to.have.length(1);
  });

  it('leaves out what it cannot read, and says why', () => {
    storeRuns(runs, [{ id: 'good' }]);
    const put = (name: string, text: string | null): void => {
      mkdirSync(join(runs, name));
      if (text !== null) writeFileSync(join(runs, name, 'run.json'), text);
    };
    put('1-none', null);
    put('2-torn', '{"schema":');
    put('3-newer', JSON.stringify({ ...madeUpReport({ id: 'x' }), schema: 2 }));
    put('4-odd', JSON.stringify({ ...madeUpReport({ id: 'x' }), seed: 'seven' }));
    using store = new HistoryStore(historyFile(runs));
    const { imported, leftOut } = importRuns(store, runs);
    expect(imported).to.equal(1);
    expect(leftOut.map((sentence) => sentence.replace(runs, 'runs').replace(/: Unexpected.*/, ''))).to.have.members([
      'runs/1-none/run.json: there is no such report yet; the run is under way, or it died',
      'runs/2-torn/run.json: expected JSON, found something else',
      'runs/3-newer/run.json, field schema: Invalid input: expected 1',
      'runs/4-odd/run.json, field seed: Invalid input: expected number, received string',
    ]);
  });

  it('brings the tables of the first version up to date, and keeps what is in them', () => {
    const file = historyFile(runs);
    storeRuns(runs, [{ id: 'a' }, { id: 'b', labels: ['slow-disk'] }]);
    {
      using made = new HistoryStore(file);
      importRuns(made, runs);
    }
    const older = new DatabaseSync(file);
    older.exec('ALTER TABLE runs DROP COLUMN labels; PRAGMA user_version = 1');
    older.close();
    using store = new HistoryStore(file);
    expect(store.runs().map(({ id, labels }) => [id, labels])).to.deep.equal([
      ['a', []],
      ['b', []],
    ]);
    storeRuns(runs, [{ id: 'c', labels: ['slow-disk', 'night'] }]);
    importRuns(store, runs);
    expect(store.runs().at(-1)?.labels).to.deep.equal(['slow-disk', 'night']);
  });

  it('refuses the tables of a newer version', () => {
    const file = historyFile(runs);
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 9');
    newer.close();
    expect(() => new HistoryStore(file)).to.throw(
      `${file}: expected tables of version 2 or older, found 9; a newer version of this program made them`,
    );
  });

  it('refuses a file that is no database', () => {
    const file = historyFile(runs);
    writeFileSync(file, 'not a database, but long enough to look like one to SQLite'.repeat(40));
    expect(() => new HistoryStore(file)).to.throw(`${file}: expected a database of runs, found something else`);
  });

  it('makes Node say nothing about experiments', async () => {
    const warnings: string[] = [];
    const note = (warning: Error): number => warnings.push(warning.name);
    process.on('warning', note);
    using store = new HistoryStore(':memory:');
    await new Promise(setImmediate);
    process.off('warning', note);
    expect(store.runs()).to.deep.equal([]);
    expect(warnings).to.deep.equal([]);
  });
});
