import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { root } from '../../harness/util/paths.ts';
import type { Planted } from '../../suites/sabotage/planted/planted.ts';

/** What a sabotage suite demands of one of its runs. */
export interface Plant {
  readonly spec: string;
  readonly planted: Planted;
}

const folder = 'suites/sabotage';

/**
 * Everything that the sabotage suites plant, from what they hand to mocha when mocha loads them.
 * @throws Error naming a suite that does not say what it plants
 */
export async function loadPlants(): Promise<readonly Plant[]> {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.ts'));
  const plants = names.sort().map(async (name) => {
    const spec = `${folder}/${name}`;
    const loaded = (await import(pathToFileURL(join(root, spec)).href)) as { readonly planted?: readonly Planted[] };
    if (loaded.planted === undefined) throw new Error(`${spec}: expected it to export what it plants, found nothing`);
    return loaded.planted.map((planted) => ({ spec, planted }));
  });
  return (await Promise.all(plants)).flat();
}
