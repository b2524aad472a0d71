import { join } from 'node:path';

import { expect } from 'chai';

import { golden } from '../../harness/cli/golden-run.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { readReport } from '../../harness/run/judge.ts';
import { evidenceOf } from './evidence.ts';
import type { Plant } from './plants.ts';

const base = readReport(join(golden, 'careless-workload-violated'));
const [rto, rpo] = base.scenario.guarantees;
const plant: Plant = {
  spec: 'suites/sabotage/x.ts',
  planted: {
    scenario: base.scenario,
    outcome: 'violated',
    findings: [
      { promise: rto!, plant: 'one replica', sentence: /the longest outage/ },
      { promise: rpo!, plant: 'records in memory', sentence: /acknowledged writes/ },
    ],
  },
};
const run = (id: string, startedAt: string, commit = 'abc', change: Partial<RunReport> = {}): RunReport => ({
  ...base,
  id,
  startedAt,
  commit,
  ...change,
});

describe('the evidence of a plant', () => {
  it('is its newest run', () => {
    const found = evidenceOf(plant, [run('b', '2026-02'), run('c', '2026-03'), run('a', '2026-01')]);
    expect([found?.report.id, found?.complaints]).to.deep.equal(['c', []]);
  });

  it('is a run of a commit rather than one of a tree with changes, which is complained of', () => {
    const dirty = run('b', '2026-02', 'abc-dirty');
    expect(evidenceOf(plant, [run('a', '2026-01'), dirty])?.report.id).to.equal('a');
    expect(evidenceOf(plant, [dirty])?.complaints).to.deep.equal(['b is of a tree with changes (abc-dirty)']);
  });

  it('is no run of what was planted once', () => {
    const other = { ...base.scenario, faults: base.scenario.faults.slice(1) };
    expect(evidenceOf(plant, [run('a', '2026-01', 'abc', { scenario: other })])).to.equal(null);
  });

  it('is not whole without each of its faults, where they are what is to be noticed', () => {
    const unfelt = { ...plant, planted: { ...plant.planted, outcome: 'violated', findings: [] } } as const;
    const one = run('a', '2026-01', 'abc', { faults: base.faults.slice(1) });
    expect(evidenceOf(unfelt, [one])?.complaints).to.deep.equal(['a injected only 1 of 2 faults']);
  });

  it('is the newest run though it found nothing', () => {
    const held = run('b', '2026-02', 'abc', { outcome: 'held', because: 'all is well', guarantees: [] });
    expect(evidenceOf(plant, [run('a', '2026-01'), held])?.complaints).to.deep.equal([
      'b ended as held, not violated: all is well',
      'b does not find rto violated for what was planted',
      'b does not find rpo violated for what was planted',
    ]);
  });

  it('ends as a harness error where something was planted that must be found left behind', () => {
    const leaving: Plant = { ...plant, planted: { ...plant.planted, ends: 'harness-error' } };
    const found = run('b', '2026-02', 'abc', { outcome: 'harness-error', because: 'left behind: a cordon' });
    expect(evidenceOf(leaving, [found])?.complaints).to.deep.equal([]);
    expect(evidenceOf(leaving, [run('c', '2026-03', 'abc', { because: 'late' })])?.complaints).to.deep.equal([
      'c ended as violated, not harness-error: late',
    ]);
  });
});
