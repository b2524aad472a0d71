// `npm run proofs`: whether every guarantee has a page, a planted violation and a planted blindness.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { guarantees } from '../harness/guarantees/index.ts';
import { root } from '../harness/util/paths.ts';
import { unproved } from './proofs/unproved.ts';
import { loadPlants } from './track-record/plants.ts';

const names = guarantees.map(({ name }) => name);
const pages = readdirSync(join(root, 'docs/guarantees')).map((file) => file.replace(/\.md$/, ''));
const planted = (await loadPlants()).map((plant) => plant.planted);
const missing = unproved({ guarantees: names, planted, pages });
for (const sentence of missing) console.error(sentence);
if (missing.length > 0) process.exitCode = 1;
else console.log(`${String(names.length)} guarantees, each with a page, a planted violation and a planted blindness.`);
