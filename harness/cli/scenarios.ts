import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Scenario } from '../model/scenario.ts';
import { root } from '../util/paths.ts';

/** Folders whose specs are scenarios; `suites/sabotage` is run by its own specs, which expect it to fail. */
const folders = ['chaos', 'upgrade', 'game-day'] as const;

/** Every scenario that a suite exports. A spec that is not loaded by mocha registers nothing. */
export async function loadScenarios(): Promise<readonly Scenario[]> {
  const found = await Promise.all(folders.map(scenariosOf));
  return found.flat();
}

async function scenariosOf(suite: string): Promise<readonly Scenario[]> {
  const folder = join(root, 'suites', suite);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /^[a-z0-9-]+\.ts$/.test(name)) : [];
  const modules = await Promise.all(
    files
      .sort()
      .map(async (name) => (await import(pathToFileURL(join(folder, name)).href)) as { readonly scenario?: Scenario }),
  );
  return modules.flatMap(({ scenario }) => (scenario === undefined ? [] : [scenario]));
}
