import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

import { z } from 'zod';

import { HarnessError } from '../model/errors.ts';
import type { Json } from '../model/json.ts';
import { reportSchema } from '../model/report.ts';

/** A bound that is infinite became null when the report was written. */
const bound = z.number().nullable();
const time = z.number().nullable();

const figure = z.object({
  name: z.string(),
  unit: z.enum(['ms', 'count', 'ratio', 'percent']),
  lower: bound,
  upper: bound,
  limit: z.number().nullish(),
});

/** The steps of an incident, as `rto` details them; those of other judges are left out. */
const incident = z.object({ faultMs: z.number(), phases: z.array(z.object({ name: z.string(), atMs: z.number() })) });

/** What the history keeps of a report; the rest of it may change without harm. */
const shape = z.object({
  schema: z.literal(reportSchema),
  id: z.string(),
  scenario: z.object({ name: z.string() }),
  seed: z.number(),
  version: z.string(),
  commit: z.string(),
  labels: z.array(z.string()).default([]),
  startedAt: z.string(),
  durationMs: z.number(),
  outcome: z.enum(['held', 'violated', 'unknown', 'skipped', 'harness-error']),
  because: z.string(),
  phases: z.array(z.object({ name: z.string(), startMs: z.number(), endMs: z.number(), error: z.string().optional() })),
  faults: z.array(
    z.object({
      step: z.string(),
      fault: z.string(),
      targets: z.array(z.string()),
      injectedMs: time,
      feltMs: time,
      healedMs: time,
      goneMs: time,
    }),
  ),
  guarantees: z.array(
    z.object({
      spec: z.object({ guarantee: z.string(), params: z.record(z.string(), z.custom<Json>()) }),
      verdict: z.object({
        status: z.enum(['held', 'violated', 'unknown']),
        figures: z.array(figure).optional(),
        details: incident.optional().catch(undefined),
      }),
    }),
  ),
});

export type StoredReport = z.infer<typeof shape> & { readonly digest: string };

/** @throws HarnessError `history` when there is no report, or none that this version can read */
export function readReportFile(file: string): StoredReport {
  if (!existsSync(file))
    throw new HarnessError('history', `${file}: there is no such report yet; the run is under way, or it died`);
  const text = readFileSync(file, 'utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new HarnessError('history', `${file}: expected JSON, found something else`, { cause });
  }
  const parsed = shape.safeParse(json);
  if (parsed.success) return { ...parsed.data, digest: createHash('sha256').update(text).digest('hex') };
  const [issue] = parsed.error.issues;
  throw new HarnessError(
    'history',
    `${file}, field ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not readable'}`,
  );
}
