import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { allure, formatAllure } from './allure.ts';
import { syntheticRun } from './testdata/power-loss.ts';

describe('allure', () => {
  it('has a result for each case, and unknown is broken', () => {
    const results = (felt: boolean) =>
      formatAllure(syntheticRun({ felt }).report).map(({ name, status }) => `${name ?? ''}: ${status ?? ''}`);
    expect(results(true)).to.deep.equal([
      'rto: failed',
      'rpo: passed',
      'pdb-honoured: passed',
      'topology-spread: passed',
      'fault felt: 1-node-power-loss: passed',
      'healed: 1-node-power-loss: passed',
      'clean return (fingerprint): passed',
    ]);
    expect(results(false).slice(0, 1)).to.deep.equal(['rto: broken']);
  });

  it('knows a promise in another run with another limit', () => {
    const { report } = syntheticRun();
    const [first] = formatAllure(report);
    const [second] = formatAllure({ ...syntheticRun({ rtoLimitMs: 20_000 }).report, id: 'another-run' });
    expect(second?.historyId).to.equal(first?.historyId);
    expect(second?.uuid).not.to.equal(first?.uuid);
    const [renamed] = formatAllure({ ...report, scenario: { ...report.scenario, name: 'other' } });
    expect(renamed?.historyId).not.to.equal(first?.historyId);
  });

  it('says why, and what was asked', () => {
    const [rto] = formatAllure(syntheticRun().report);
    expect(rto?.statusDetails.message).to.match(/^violated rto\(15s\)/);
    expect(rto?.description).to.match(/^rto\(under=15s\)\n/);
    expect((rto?.stop ?? 0) - (rto?.start ?? 0)).to.equal(70_000);
  });

  it('writes the files that Allure looks for, the same ones each time', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'shakedown-allure-'));
    try {
      const { report, history } = syntheticRun();
      const [folder = ''] = await allure.write(report, history, directory);
      await allure.write(report, history, directory);
      const found = readdirSync(folder).sort();
      expect(found.filter((name) => name.endsWith('-result.json'))).to.have.length(7);
      expect(found).to.include('environment.properties');
      const results = found
        .filter((name) => name.endsWith('-result.json'))
        .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as object);
      expect(results.some((one) => 'name' in one && one.name === 'rto')).to.equal(true);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
