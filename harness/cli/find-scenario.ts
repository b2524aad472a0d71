import type { Scenario } from '../model/scenario.ts';
import { named } from '../run/index.ts';
import { isFile, readScenarioFile } from './scenario-file.ts';
import { loadScenarios } from './scenarios.ts';

/**
 * The scenario that the user names, or the one in the file that the user names.
 * @throws HarnessError `unknown-name` | `bad-input`
 */
export async function findScenario(nameOrFile: string): Promise<Scenario> {
  if (isFile(nameOrFile)) return readScenarioFile(nameOrFile);
  return named('scenario', nameOrFile, await loadScenarios());
}
