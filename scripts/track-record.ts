// `npm run track-record`: what the sabotage suites planted and which sentence found it, from their stored runs.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { guarantees } from '../harness/guarantees/index.ts';
import { readReport } from '../harness/run/judge.ts';
import { runDirectories } from '../harness/run/live-runs.ts';
import { root, runsDirectory } from '../harness/util/paths.ts';
import { evidenceOf } from './track-record/evidence.ts';
import { page } from './track-record/page.ts';
import { loadPlants } from './track-record/plants.ts';

const reports = runDirectories(runsDirectory())
  .filter((directory) => existsSync(join(directory, 'run.json')))
  .map(readReport);
const plants = await loadPlants();
const evidence = plants.map((plant) => evidenceOf(plant, reports));
const found = evidence.filter((each) => each !== null);
const names = guarantees.map(({ name }) => name);
const text = page(found, names);
if (process.argv.includes('--write')) writeFileSync(join(root, 'docs/track-record.md'), text);
else process.stdout.write(text);
const complaints = plants.flatMap(({ spec, planted }, index) => {
  const again = `npx mocha --timeout 10m ${spec}`;
  const complaints = evidence[index]?.complaints ?? [
    `no stored run of ${planted.scenario.name} as it is planted today`,
  ];
  return complaints.map((complaint) => `${complaint}: ${again}`);
});
for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;
