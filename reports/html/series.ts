import type { ConnectionMode, History, HistoryEvent, RequestEvent } from '../../harness/model/history.ts';
import type { Span } from './time-axis.ts';

/** The requests of one bucket of time. Sums and extremes only: whatever the bucket's width, no failure is lost. */
export interface Bucket {
  ok: number;
  failed: number;
  /** Of the good answers, in ms; -1 when there were none. */
  minMs: number;
  sumMs: number;
  maxMs: number;
}

export interface Series {
  readonly path: string;
  readonly mode: ConnectionMode;
  readonly buckets: readonly Bucket[];
  readonly ok: number;
  readonly failed: number;
  /** How often each reason was given. */
  readonly errors: ReadonlyMap<string, number>;
  readonly firstFailureMs: number | null;
  readonly lastFailureMs: number | null;
}

export interface Load {
  readonly span: Span;
  readonly bucketMs: number;
  readonly series: readonly Series[];
}

const widthsMs = [100, 200, 250, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000];
/** More points than pixels are no use, and they cost bytes. */
const mostBuckets = 1_200;
const leastBucketMs = 250;

export function bucketWidth(span: Span): number {
  const length = span.endMs - span.startMs;
  return widthsMs.find((width) => width >= leastBucketMs && length / width <= mostBuckets) ?? length / mostBuckets;
}

function isRequest(event: HistoryEvent): event is RequestEvent {
  return event.kind === 'request';
}

interface Growing {
  readonly path: string;
  readonly mode: ConnectionMode;
  readonly buckets: Bucket[];
  readonly errors: Map<string, number>;
  ok: number;
  failed: number;
  firstFailureMs: number | null;
  lastFailureMs: number | null;
}

function add(series: Growing, request: RequestEvent, at: number): void {
  const bucket = series.buckets[at];
  if (bucket === undefined) return;
  if (!request.ok) {
    bucket.failed += 1;
    series.failed += 1;
    const reason = request.error ?? `status ${String(request.status)}`;
    series.errors.set(reason, (series.errors.get(reason) ?? 0) + 1);
    series.firstFailureMs ??= request.startMs;
    series.firstFailureMs = Math.min(series.firstFailureMs, request.startMs);
    series.lastFailureMs = Math.max(series.lastFailureMs ?? 0, request.startMs);
    return;
  }
  const took = Math.max(0, request.endMs - request.startMs);
  series.ok += 1;
  bucket.ok += 1;
  bucket.minMs = bucket.minMs < 0 ? took : Math.min(bucket.minMs, took);
  bucket.sumMs += took;
  bucket.maxMs = Math.max(bucket.maxMs, took);
}

function empty(path: string, mode: ConnectionMode, buckets: number): Growing {
  const blank = (): Bucket => ({ ok: 0, failed: 0, minMs: -1, sumMs: 0, maxMs: -1 });
  const ends = { firstFailureMs: null, lastFailureMs: null };
  return { path, mode, buckets: Array.from({ length: buckets }, blank), errors: new Map(), ok: 0, failed: 0, ...ends };
}

/** The control path last: it is what the others are compared with. */
function compare(left: Series, right: Series): number {
  if (left.path === right.path) return left.mode < right.mode ? -1 : 1;
  if (left.path === 'control') return 1;
  if (right.path === 'control') return -1;
  return left.path < right.path ? -1 : 1;
}

/** The load of a run in buckets by the instant at which each request was sent; null when there was none. */
export function gather(history: History): Load | null {
  const requests = history.filter(isRequest);
  let startMs = Infinity;
  let endMs = -Infinity;
  for (const request of requests) {
    startMs = Math.min(startMs, request.startMs);
    endMs = Math.max(endMs, request.startMs);
  }
  if (!Number.isFinite(startMs)) return null;
  const bucketMs = bucketWidth({ startMs, endMs });
  const span = {
    startMs: Math.floor(startMs / bucketMs) * bucketMs,
    endMs: (Math.floor(endMs / bucketMs) + 1) * bucketMs,
  };
  const buckets = Math.round((span.endMs - span.startMs) / bucketMs);
  const all = new Map<string, Growing>();
  for (const request of requests) {
    const key = `${request.path} ${request.mode}`;
    const series = all.get(key) ?? empty(request.path, request.mode, buckets);
    all.set(key, series);
    add(series, request, Math.floor((request.startMs - span.startMs) / bucketMs));
  }
  return { span, bucketMs, series: [...all.values()].sort(compare) };
}
