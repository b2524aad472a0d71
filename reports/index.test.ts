import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { reporters } from './index.ts';
import { syntheticRun } from './testdata/power-loss.ts';

describe('the reporters', () => {
  let directory = '';
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'shakedown-reports-'));
  });
  after(async () => {
    await rm(directory, { recursive: true });
  });

  it('each write their file, the run itself first', async () => {
    const { report, history } = syntheticRun();
    const target = join(directory, 'runs', report.id);
    const files: string[] = [];
    for (const reporter of reporters) files.push(...(await reporter.write(report, history, target)));
    expect(reporters.map(({ name }) => name)).to.deep.equal(['json', 'junit', 'allure', 'markdown', 'html']);
    expect(files).to.deep.equal(
      ['run.json', 'junit.xml', 'allure-results', 'summary.md', 'report.html'].map((name) => join(target, name)),
    );
    const starts = await Promise.all(
      files
        .filter((file) => !file.endsWith('allure-results'))
        .map(async (file) => (await readFile(file, 'utf8')).slice(0, 5)),
    );
    expect(starts).to.deep.equal(['{\n  "', '<?xml', '## ✗ ', '<!doc']);
  });
});
