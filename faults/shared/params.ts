import type { z } from 'zod';

import { HarnessError } from '../../harness/model/errors.ts';
import type { Json } from '../../harness/model/json.ts';

/**
 * Completes and checks the parameters of a fault.
 * @throws HarnessError `bad-input` naming the fault, the field, what was expected and what was found
 */
export function readParams<Schema extends z.ZodType>(fault: string, schema: Schema, given: Json): z.output<Schema> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path ?? [];
  const found = path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : value,
    given,
  );
  const where = [fault, ...path.map(String)].join('.');
  throw new HarnessError(
    'bad-input',
    `${where}: ${issue?.message ?? 'not as expected'}, found ${found === undefined ? 'nothing' : JSON.stringify(found)}`,
  );
}
