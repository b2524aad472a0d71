import { expect } from 'chai';

import { formatRun } from './json.ts';
import { syntheticRun } from './testdata/power-loss.ts';

describe('json', () => {
  it('is the report itself', () => {
    const { report } = syntheticRun();
    expect(JSON.parse(formatRun(report))).to.deep.equal(report);
  });

  it('has the same text whatever the order in which the report was put together', () => {
    const { report } = syntheticRun();
    const reversed = Object.fromEntries(Object.entries(report).reverse()) as unknown as typeof report;
    const cluster = Object.fromEntries(Object.entries(report.cluster!).reverse()) as unknown as typeof report.cluster;
    expect(formatRun({ ...reversed, cluster })).to.equal(formatRun(report));
  });

  it('opens with what one looks for first', () => {
    const keys = Object.keys(JSON.parse(formatRun(syntheticRun().report)) as object);
    expect(keys.slice(0, 6)).to.deep.equal(['schema', 'id', 'outcome', 'because', 'replay', 'seed']);
  });

  it('keeps a field that this version does not know', () => {
    const later = { ...syntheticRun().report, later: { b: 1, a: 2 } };
    expect(formatRun(later)).to.match(/"later": \{\n {4}"a": 2,\n {4}"b": 1\n {2}\}\n\}\n$/);
  });
});
