import type { z } from 'zod';

import { HarnessError } from '../harness/model/errors.ts';
import type { Json } from '../harness/model/json.ts';

/**
 * Completes and checks the options that a scenario gives to a workload.
 * @throws HarnessError `bad-input` naming the workload and the field
 */
export function parseOptions<T>(workload: string, schema: z.ZodType<T>, given: Readonly<Record<string, Json>>): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message, code, ...rest }) => {
    const field = [workload, ...path.map(String)].join('.');
    const found = path.reduce<unknown>(
      (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
      given,
    );
    const unknown =
      code === 'unrecognized_keys' && 'keys' in rest
        ? ''
        : `, found ${found === undefined ? 'nothing' : JSON.stringify(found)}`;
    return `${field}: ${message}${unknown}`;
  });
  throw new HarnessError('bad-input', `Options of the workload ${problems.join('; ')}`);
}
