import { z } from 'zod';

const target = z.object({
  name: z.string(),
  /** Targets of one store lead to the same records. */
  store: z.enum(['api', 'data']),
  url: z.string(),
});

const job = z.object({
  targets: z.array(target).readonly(),
  /** The administrator's kubeconfig, for its certificates alone. */
  kubeconfig: z.string(),
  namespace: z.string(),
  periodMs: z.number(),
  timeoutMs: z.number(),
});

/** What the ledger's programs (writer.ts, reader.ts) are told, as JSON in their one argument. */
export type Job = z.infer<typeof job>;
export type Target = z.infer<typeof target>;

export const readJob = (argument: string | undefined): Job => job.parse(JSON.parse(argument ?? ''));

/** One write as the writer prints it; times are the wall clock's milliseconds. */
export const writtenLine = z.object({
  client: z.string(),
  target: z.string(),
  key: z.string(),
  value: z.string(),
  startWallMs: z.number(),
  endWallMs: z.number(),
  outcome: z.enum(['ok', 'failed', 'unknown']),
  error: z.string().optional(),
});
export type Written = z.infer<typeof writtenLine>;

/** A write that was due while all clients of its target still waited for answers. */
export const skippedLine = z.object({ skipped: z.string(), atWallMs: z.number() });

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
