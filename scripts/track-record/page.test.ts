import { join } from 'node:path';

import { expect } from 'chai';

import { golden } from '../../harness/cli/golden-run.ts';
import { readReport } from '../../harness/run/judge.ts';
import type { Planted } from '../../suites/sabotage/planted/planted.ts';
import { evidenceOf, type Evidence } from './evidence.ts';
import { page } from './page.ts';
import { firstSentence } from './sentence.ts';

/** A golden run as the evidence of a suite that plants something for each of its promises. */
function of(name: string, outcome: Planted['outcome']): Evidence {
  const report = readReport(join(golden, name));
  const findings = report.scenario.guarantees.map((promise) => ({ promise, plant: 'carelessness', sentence: /./ }));
  const planted = { scenario: report.scenario, outcome, findings };
  const found = evidenceOf({ spec: 'suites/sabotage/x.ts', planted }, [report]);
  if (found === null) throw new Error(`${name} is no run of itself`);
  return found;
}

describe('the track record', () => {
  it('tells for each guarantee what was planted, which sentence found it, and by which suite', () => {
    const evidence = [of('load-generator-dies-unknown', 'unknown'), of('careless-workload-violated', 'violated')];
    const text = page(evidence, ['rpo', 'rto']);
    expect(text).to.match(
      /## Planted violations[^]*\| rpo +\| carelessness +\| rpo\(lost 0\): 1362 of 1371 [^]*\| rto +\| carelessness +\| rto\(5s\): the longest outage took .*\| `x` +\|/,
    );
    expect(text).to.match(/## Planted blindness[^]*\| rto +\| carelessness +\|/);
  });

  it('does not list what was held', () => {
    expect(page([of('packet-loss-held', 'violated')], [])).not.to.match(/## Planted/);
  });

  it('cuts a long finding at the end of a clause', () => {
    const long = `violated; ${'word '.repeat(30)}; ${'more '.repeat(60)}`;
    expect(firstSentence(long)).to.match(/^violated; (word )+\.\.\.$|word {2}\.\.\.$/);
    expect(firstSentence('short')).to.equal('short');
  });
});
