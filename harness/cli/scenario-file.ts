import type { Scenario } from '../model/scenario.ts';
import { checkValue, readDataFile } from './data-file.ts';
import { scenarioSchema } from './scenario-schema.ts';

/** True for what a user means as a file: a scenario's name holds neither a dot nor a slash. */
export const isFile = (text: string): boolean => /[./\\]/.test(text);

/**
 * Reads a scenario from a YAML or JSON file; the `run.json` of a stored run serves too.
 * @throws HarnessError `bad-input` naming the file, the field, what was expected and what was found
 */
export function readScenarioFile(file: string): Scenario {
  const value = readDataFile(file, 'a scenario file');
  const given = isReport(value) ? value.scenario : value;
  const hint = 'shakedown list scenarios --json, whose entries have the same fields';
  return checkValue(file, given, scenarioSchema, 'a scenario', hint);
}

function isReport(value: unknown): value is { readonly scenario: unknown } {
  return typeof value === 'object' && value !== null && 'schema' in value && 'scenario' in value;
}
