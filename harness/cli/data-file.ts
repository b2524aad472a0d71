import { readFileSync } from 'node:fs';

import { parse } from 'yaml';
import type { z } from 'zod';

import { HarnessError, messageOf } from '../model/errors.ts';

/** The value in a YAML or JSON file. @param what it is, for the error @throws HarnessError `bad-input` naming the file */
export function readDataFile(file: string, what: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new HarnessError('bad-input', `${file}: expected ${what} that can be read`, { cause });
  }
  try {
    return parse(text) as unknown;
  } catch (cause) {
    throw new HarnessError('bad-input', `${file}: expected YAML or JSON; ${messageOf(cause)}`);
  }
}

/**
 * What a schema makes of a file's value.
 * @throws HarnessError `bad-input` naming the file, the field, what was expected and what was found
 */
export function checkValue<T>(file: string, value: unknown, schema: z.ZodType<T>, what: string, hint: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue === undefined || issue.path.length === 0 ? 'the whole file' : `field ${pathOf(issue.path)}`;
  const message = issue === undefined ? `expected ${what}` : sentence(issue);
  throw new HarnessError('bad-input', `${file}, ${field}: ${message}`, { hint });
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
