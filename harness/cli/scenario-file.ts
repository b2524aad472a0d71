import { readFileSync } from 'node:fs';

import { parse } from 'yaml';
import type { z } from 'zod';

import { HarnessError, messageOf } from '../model/errors.ts';
import type { Scenario } from '../model/scenario.ts';
import { scenarioSchema } from './scenario-schema.ts';

/** True for what a user means as a file: a scenario's name holds neither a dot nor a slash. */
export const isFile = (text: string): boolean => /[./\\]/.test(text);

/**
 * Reads a scenario from a YAML or JSON file; the `run.json` of a stored run serves too.
 * @throws HarnessError `bad-input` naming the file, the field, what was expected and what was found
 */
export function readScenarioFile(file: string): Scenario {
  const value = readValue(file);
  const given = isReport(value) ? value.scenario : value;
  const result = scenarioSchema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue === undefined || issue.path.length === 0 ? 'the whole file' : `field ${pathOf(issue.path)}`;
  const message = issue === undefined ? 'expected a scenario' : sentence(issue);
  throw new HarnessError('bad-input', `${file}, ${field}: ${message}`, {
    hint: 'shakedown list scenarios --json, whose entries have the same fields',
  });
}

function readValue(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new HarnessError('bad-input', `${file}: expected a scenario file that can be read`, { cause });
  }
  try {
    return parse(text) as unknown;
  } catch (cause) {
    throw new HarnessError('bad-input', `${file}: expected YAML or JSON; ${messageOf(cause)}`);
  }
}

function isReport(value: unknown): value is { readonly scenario: unknown } {
  return typeof value === 'object' && value !== null && 'schema' in value && 'scenario' in value;
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${String(part)}]` : `.${String(part)}`))
    .join('')
    .slice(1);
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `found the unknown field '${issue.keys.join("', '")}'`;
  return issue.message.replace(/^Invalid (input|option): /, '').replace(/, received /, ', found ');
}
