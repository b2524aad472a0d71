import { z } from 'zod';

import type { Duration } from '../model/duration.ts';
import { serviceSchema } from '../guarantees/bia/schema.ts';
import type { Scenario } from '../model/scenario.ts';

/** Only that it is text: what a duration looks like is the model's to say, with the field's name in its error. */
const duration = z.custom<Duration>((value) => typeof value === 'string', 'expected a duration such as 15s');
const params = z.record(z.string(), z.json());

/** The shape of a scenario in a file. A field that nobody knows is an error: a misspelt limit must not be ignored. */
export const scenarioSchema: z.ZodType<Scenario> = z.strictObject({
  name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected a kebab-case name'),
  summary: z.string(),
  seed: z.number(),
  cluster: z.strictObject({
    provider: z.enum(['local', 'kind', 'existing']),
    config: z.string(),
    etcd: z.enum(['own', 'all']),
  }),
  workloads: z.array(z.strictObject({ workload: z.string(), options: params.default({}) })),
  load: z.strictObject({ rate: z.number(), timeout: duration, modes: z.array(z.enum(['new', 'reused'])).min(1) }),
  faults: z.array(
    z.strictObject({
      fault: z.string(),
      params: params.default({}),
      from: duration,
      hold: duration,
      following: z.boolean().exactOptional(),
    }),
  ),
  guarantees: z.array(
    z.strictObject({ guarantee: z.string(), params: params.default({}), service: z.string().exactOptional() }),
  ),
  alerts: z.strictObject({ service: z.string() }).exactOptional(),
  services: z.array(serviceSchema.extend({ name: z.string() })).exactOptional(),
  recoverWithin: duration,
});
