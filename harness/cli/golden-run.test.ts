import { readdirSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { judgeRun } from '../run/index.ts';
import { readReport } from '../run/judge.ts';
import { catalogue } from './catalogue.ts';
import { golden, withGoldenRun } from './golden-run.ts';

const names = readdirSync(golden);

describe('golden runs', function () {
  this.timeout(20_000);

  it('are there for each outcome', () => {
    const outcomes = names.map((name) => readReport(join(golden, name)).outcome);
    expect(outcomes).to.include.members(['held', 'violated', 'unknown']);
  });

  for (const name of names)
    it(`are judged again to the same bytes: ${name}`, () => {
      const stored = readReport(join(golden, name));
      const judged = withGoldenRun(name, (directory) => judgeRun(directory, catalogue));
      for (const [index, { promise, verdict }] of judged.guarantees.entries())
        expect(JSON.stringify(verdict), promise).to.equal(JSON.stringify(stored.guarantees[index]?.verdict));
      expect(JSON.stringify(judged)).to.equal(JSON.stringify(stored));
    });

  it('come to something else when their history is another', () => {
    const [held = ''] = names.filter((name) => readReport(join(golden, name)).outcome === 'held');
    const judged = withGoldenRun(held, (directory) => {
      const file = join(directory, 'history.ndjson');
      const failing = readFileSync(file, 'utf8').replaceAll('"ok":true', '"ok":false');
      writeFileSync(file, failing);
      return judgeRun(directory, catalogue);
    });
    expect(judged.outcome).not.to.equal('held');
  });
});
