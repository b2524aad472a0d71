// `node scripts/golden.ts add runs/ID NAME` keeps a real run for the tests; `node scripts/golden.ts judge` judges the kept
// ones again and stores what is said now, after a judge was changed on purpose.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

import { catalogue } from '../harness/cli/catalogue.ts';
import { golden, withGoldenRun } from '../harness/cli/golden-run.ts';
import { HarnessError } from '../harness/model/errors.ts';
import type { RunReport } from '../harness/model/report.ts';
import { judgeRun } from '../harness/run/index.ts';
import { runMain } from './run-main.ts';

const mostBytes = 300_000;

function add(directory: string, name: string): void {
  if (!/^[a-z0-9-]+$/.test(name))
    throw new HarnessError('bad-input', `golden: expected a name in kebab-case, found '${name}'`);
  const report = judgeRun(directory, catalogue);
  const history = gzipSync(readFileSync(join(directory, 'history.ndjson')), { level: 9 });
  if (history.length > mostBytes)
    throw new HarnessError(
      'bad-input',
      `${directory}: expected a history of at most ${String(mostBytes)} bytes compressed, found ${String(history.length)}`,
    );
  mkdirSync(join(golden, name), { recursive: true });
  writeFileSync(join(golden, name, 'history.ndjson.gz'), history);
  store(name, report);
}

function store(name: string, report: RunReport): void {
  writeFileSync(join(golden, name, 'run.json'), `${JSON.stringify(report, null, 1)}\n`);
  console.log(`${name}: ${report.outcome}: ${report.because}`);
}

function judgeAll(): void {
  for (const name of readdirSync(golden))
    withGoldenRun(name, (directory) => {
      store(name, judgeRun(directory, catalogue));
    });
}

await runMain(() => {
  const [verb, directory, name] = process.argv.slice(2);
  if (verb === 'add' && directory !== undefined && name !== undefined) add(resolve(directory), name);
  else if (verb === 'judge') judgeAll();
  else throw new HarnessError('bad-input', 'golden: expected `add runs/ID NAME` or `judge`');
  return 0;
});
