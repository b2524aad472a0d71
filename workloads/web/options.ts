import { z } from 'zod';

import type { Json } from '../../harness/model/json.ts';
import { parseOptions } from '../options.ts';

const schema = z.strictObject({
  replicas: z.int().min(1).max(500).default(6),
  /** Of the PodDisruptionBudget; null for no budget. */
  minAvailable: z.int().min(0).nullable().default(4),
  /**
   * What the scheduler does when a pod cannot be placed without breaking the spread over the zones. DoNotSchedule keeps the
   * promise and leaves a pod Pending for as long as its zone has no usable node, because a tainted node's zone still counts.
   */
  whenUnsatisfiable: z.enum(['DoNotSchedule', 'ScheduleAnyway']).default('DoNotSchedule'),
  /** Whether the replicas are to be spread over the zones at all. */
  spread: z.boolean().default(true),
  /** How long pods stay bound to a node that is not ready or unreachable; null keeps what the cluster sets (300 s by default). */
  tolerationSeconds: z.int().min(0).nullable().default(null),
  /** How long a pod that is to end still serves, until every proxy has heard of it. */
  preStopSeconds: z.int().min(0).max(60).default(3),
  readinessPeriodSeconds: z.int().min(1).default(1),
  /** How often the liveness probe looks, whose third failure in a row starts the container again; null for no such probe. */
  livenessPeriodSeconds: z.int().min(1).nullable().default(null),
  /** Added to every answer. */
  latencyMs: z.int().min(0).default(0),
});

export type WebOptions = z.infer<typeof schema>;

/** @throws HarnessError `bad-input` naming the field */
export function webOptions(given: Readonly<Record<string, Json>>): WebOptions {
  return parseOptions('web', schema, given);
}
