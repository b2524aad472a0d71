import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { storeRuns } from '../history/testing.ts';
import { exec } from '../util/exec.ts';
import { root } from '../util/paths.ts';

describe('shakedown history and compare', () => {
  let runs: string;
  beforeEach(() => {
    runs = mkdtempSync(join(tmpdir(), 'history-'));
  });
  afterEach(() => {
    rmSync(runs, { recursive: true });
  });
  const shakedown = (...words: string[]) =>
    exec([join(root, 'bin/shakedown'), ...words], { env: { SHAKEDOWN_RUNS: runs }, allowFailure: true });

  it('lists runs with what they measured, and compares them', async () => {
    const few = Array.from({ length: 5 }, (_, index) => ({ recoveryMs: 1_000 + 10 * index }));
    storeRuns(
      runs,
      few.flatMap(({ recoveryMs }, index) => [
        { id: `a${String(index)}`, recoveryMs, version: '0.1.0' },
        { id: `b${String(index)}`, recoveryMs: recoveryMs + 700, version: '0.2.0', commit: 'ffff00001111' },
      ]),
    );
    const history = await shakedown('history', 'leader-loss', '--limit', '1');
    expect(history.stdout.split('\n').slice(0, 2)).to.deep.equal([
      'b4  held  ffff00001111',
      '    api-rto(target=api-ha): recovery 1.64 s to 1.84 s',
    ]);
    const compared = await shakedown('compare', '--by', 'version', '0.1.0', '0.2.0', '--json');
    const { figures } = JSON.parse(compared.stdout) as { figures: { name: string; result: string; runs: number[] }[] };
    expect(figures.map(({ name, result, runs: counts }) => [name, result, ...counts])).to.deep.equal([
      ['recovery', 'worse', 5, 5],
      ['acknowledged', 'same', 5, 5],
    ]);
  }).timeout(30_000);

  it('refuses what is not there in a sentence', async () => {
    storeRuns(runs, [{ id: 'a' }]);
    const { exitCode, stderr } = await shakedown('history', 'no-such');
    expect([exitCode, stderr.split('\n')[0]]).to.deep.equal([
      3,
      "shakedown: No run of the scenario 'no-such' is stored; there are runs of leader-loss",
    ]);
  }).timeout(30_000);
});
