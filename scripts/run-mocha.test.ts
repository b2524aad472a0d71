import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { runMocha } from './run-mocha.ts';

describe('runMocha', function () {
  this.timeout(60_000);
  let folder = '';
  const spec = (text: string): string => {
    const file = join(folder, 'planted.ts');
    writeFileSync(file, text);
    return file;
  };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'shakedown-planted-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('counts what passed, failed and was skipped', async () => {
    const file = spec(`
      describe('planted', () => {
        it('passes', () => {});
        it('fails', () => { throw new Error('as planted'); });
        it('is skipped', function () { this.skip(); });
      });`);
    const { tally, ended } = await runMocha([file]);
    expect(tally).to.deep.equal({ passed: 1, failed: 1, skipped: ['planted › is skipped'] });
    expect(ended.ok).to.equal(false);
  });

  it('counts a spec that cannot be loaded as one failure', async () => {
    const { tally } = await runMocha([spec('import "./not-there.ts";')]);
    expect(tally).to.deep.equal({ passed: 0, failed: 1, skipped: [] });
  });

  it('counts tests that leave something running as a failure, instead of waiting for ever', async () => {
    const file = spec("it('leaves a timer', () => { setInterval(() => {}, 1_000); });");
    const { tally, ended } = await runMocha([file]);
    expect(tally).to.deep.equal({ passed: 1, failed: 1, skipped: [] });
    expect(ended.output).to.match(/left running: .*Timeout/);
  });

  it('refuses a spec that hides the others with only', async () => {
    const { tally } = await runMocha([spec("it.only('alone', () => {}); it('hidden', () => {});")]);
    expect(tally.failed).to.equal(1);
  });
});
