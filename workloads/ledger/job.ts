import { z } from 'zod';

import type { Json } from '../../harness/model/json.ts';

const json: z.ZodType<Json> = z.json();
const target = z.object({
  name: z.string(),
  /** Targets of one store lead to the same records. */
  store: z.enum(['api', 'data']),
  url: z.string(),
});

const modelName = z.enum(['register', 'set', 'append', 'lease']);
/** What one key that all targets of a store change together is taken for. */
export type ModelName = z.infer<typeof modelName>;

const job = z.object({
  targets: z.array(target).readonly(),
  /** The administrator's kubeconfig, for its certificates alone. */
  kubeconfig: z.string(),
  namespace: z.string(),
  periodMs: z.number(),
  timeoutMs: z.number(),
  models: z.array(modelName).readonly(),
  /** Between two rounds of a client on a model's key. */
  modelPeriodMs: z.number(),
});

/** What the ledger's programs (writer.ts, reader.ts, watcher.ts) are told, as JSON in their one argument. */
export type Job = z.infer<typeof job>;
export type Target = z.infer<typeof target>;

export const readJob = (argument: string | undefined): Job => job.parse(JSON.parse(argument ?? ''));

/** One write as the writer prints it; times are the wall clock's milliseconds. */
export const writtenLine = z.strictObject({
  client: z.string(),
  target: z.string(),
  key: z.string(),
  value: z.string(),
  startWallMs: z.number(),
  endWallMs: z.number(),
  outcome: z.enum(['ok', 'failed', 'unknown']),
  error: z.string().exactOptional(),
});
export type Written = z.infer<typeof writtenLine>;

/** One operation on a model's key. */
export const operatedLine = z.object({
  client: z.string(),
  target: z.string(),
  action: z.enum(['read', 'cas', 'add', 'append']),
  key: z.string(),
  value: json,
  expected: json.exactOptional(),
  startWallMs: z.number(),
  endWallMs: z.number(),
  outcome: z.enum(['ok', 'failed', 'unknown']),
  error: z.string().exactOptional(),
});
export type Operated = z.infer<typeof operatedLine>;

/** A write that was due while all clients of its target still waited for answers. */
export const skippedLine = z.object({ skipped: z.string(), atWallMs: z.number() });

/** What a watch was told, as the watcher prints it; harness/model/history.ts says what the types mean. */
export const watchedLine = z.strictObject({
  watch: z.string(),
  stream: z.int(),
  atWallMs: z.number(),
  type: z.enum(['opened', 'added', 'modified', 'deleted', 'bookmark', 'expired', 'closed', 'ended', 'list', 'listed']),
  key: z.string().exactOptional(),
  version: z.string().exactOptional(),
  detail: z.string().exactOptional(),
});
export type Watched = z.infer<typeof watchedLine>;

/** What the reader found through one target: every record, or why it could not be read. */
export const readLine = z.object({
  target: z.string(),
  startWallMs: z.number(),
  endWallMs: z.number(),
  records: z.record(z.string(), z.unknown()).optional(),
  error: z.string().optional(),
});
export type Found = z.infer<typeof readLine>;

/** The wall clock with fractions of a millisecond, steady for the life of the program. */
export const wallMs = (): number => performance.timeOrigin + performance.now();
