// `npm run track-record`: what the sabotage suites planted and which sentence found it, from their stored runs.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root, runsDirectory } from '../harness/util/paths.ts';
import type { RunReport } from '../harness/model/report.ts';
import { readReport } from '../harness/run/judge.ts';
import { page, type Found } from './track-record/page.ts';
import { specsByScenario } from './track-record/specs.ts';

const file = join(root, 'docs/track-record.md');

/** The newest run of each scenario of the sabotage suites that came to an end. */
function newestRuns(scenarios: ReadonlySet<string>): readonly RunReport[] {
  const newest = new Map<string, RunReport>();
  const ids = existsSync(runsDirectory()) ? readdirSync(runsDirectory()).sort() : [];
  for (const id of ids) {
    const directory = join(runsDirectory(), id);
    if (!existsSync(join(directory, 'run.json'))) continue;
    const report = readReport(directory);
    if (scenarios.has(report.scenario.name)) newest.set(report.scenario.name, report);
  }
  return [...newest.values()];
}

const sabotage = join(root, 'suites/sabotage');
const texts = readdirSync(sabotage)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ spec: `suites/sabotage/${name}`, text: readFileSync(join(sabotage, name), 'utf8') }));
const specs = specsByScenario(texts);
const found: readonly Found[] = newestRuns(new Set(specs.keys())).map((report) => ({
  report,
  spec: specs.get(report.scenario.name) ?? '',
}));
const missing = [...specs.keys()].filter((name) => !found.some(({ report }) => report.scenario.name === name));
const text = page(found);
if (process.argv.includes('--write')) writeFileSync(file, text);
else process.stdout.write(text);
for (const name of missing) console.error(`No stored run of ${name}: npx mocha --timeout 10m ${specs.get(name) ?? ''}`);
if (found.length === 0) process.exitCode = 1;
