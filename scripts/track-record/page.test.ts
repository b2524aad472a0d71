import { join } from 'node:path';

import { expect } from 'chai';

import { golden } from '../../harness/cli/golden-run.ts';
import { readReport } from '../../harness/run/judge.ts';
import { page } from './page.ts';
import { firstSentence } from './sentence.ts';
import { specsByScenario } from './specs.ts';

const of = (name: string) => ({ report: readReport(join(golden, name)), spec: 'suites/sabotage/x.ts' });

describe('the track record', () => {
  it('tells what was planted, which sentence found it, and how to plant it again', () => {
    const text = page([of('careless-workload-violated'), of('load-generator-dies-unknown')]);
    expect(text).to.match(
      /## Planted violations[^]*\| One replica and records kept in memory.*\| rto +\| violated rto\(5s\): the longest outage took /,
    );
    expect(text).to.match(/\| rpo +\| violated rpo\(lost 0\): 1362 of 1371 /);
    expect(text).to.match(/## Planted blindness[^]*\| load-generator-dies \| rto +\|/);
    expect(text).to.include('npx mocha --timeout 10m suites/sabotage/x.ts');
  });

  it('does not list what was held', () => {
    expect(page([of('packet-loss-held')])).not.to.match(/## Planted/);
  });

  it('knows which spec runs which scenario', () => {
    const text = "  name: 'one',\n  { ...base, name: 'two', faults },\n  label: 'name: three'";
    expect([...specsByScenario([{ spec: 'a.ts', text }])]).to.deep.equal([
      ['one', 'a.ts'],
      ['two', 'a.ts'],
    ]);
  });

  it('cuts a long finding at the end of a clause', () => {
    const long = `violated; ${'word '.repeat(60)}; ${'more '.repeat(60)}`;
    expect(firstSentence(long)).to.match(/^violated; (word )+\.\.\.$|word {2}\.\.\.$/);
    expect(firstSentence('short')).to.equal('short');
  });
});
