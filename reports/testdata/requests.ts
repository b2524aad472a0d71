import type { ConnectionMode, HistoryEvent, OpEvent, RequestEvent } from '../../harness/model/history.ts';
import { moments, numbers, podOf, victim, workers, zoneOf } from './moments.ts';

const ratePerSecond = 40;
const timeoutMs = 2_000;
export const paths = ['nodeport-zone-a', 'nodeport-zone-b', 'nodeport-zone-c', 'control'] as const;

export interface LoadOptions {
  /** When the load ends, in ms since the run's start. */
  readonly endMs: number;
  /** False: the fault never reached the service, and nothing fails. */
  readonly felt: boolean;
}

/** The chance that a request meets the dead pod: one in six, and one in two for a pool of connections just after the loss. */
function risk(path: string, mode: ConnectionMode, atMs: number): number {
  if (path === 'control' || atMs < moments.injecting || atMs > moments.withdrawn) return 0;
  return mode === 'reused' && atMs < moments.injecting + 2_000 ? 0.5 : 1 / 6;
}

function* series(path: string, mode: ConnectionMode, options: LoadOptions): Generator<RequestEvent> {
  const random = numbers(path.length * 31 + path.charCodeAt(path.length - 1) + (mode === 'new' ? 0 : 7_919));
  const base = (path === 'control' ? 0.4 : 1.8) + (mode === 'new' ? 0.7 : 0);
  const endMs = options.endMs;
  for (let seq = 0; ; seq += 1) {
    const startMs = moments.loadFrom + (seq * 1_000) / ratePerSecond;
    if (startMs >= endMs) return;
    if (options.felt && random() < risk(path, mode, startMs)) {
      yield { kind: 'request', path, mode, seq, startMs, endMs: startMs + timeoutMs, ok: false, status: 0, error: 'timeout' };
      continue;
    }
    const took = base + random() * 1.5 + (random() > 0.99 ? random() * 40 : 0);
    const node = workers[Math.floor(random() * workers.length)] ?? 'w1';
    const answered = path === 'control' ? {} : { pod: podOf(node), node, zone: zoneOf(node) };
    yield { kind: 'request', path, mode, seq, startMs, endMs: startMs + took, ok: true, status: 200, ...answered };
  }
}

function* writes(target: string, options: LoadOptions): Generator<OpEvent> {
  const random = numbers(target.length * 17);
  let key = 0;
  for (let startMs = moments.loadFrom; startMs < options.endMs; startMs += 100) {
    const since = startMs - moments.injecting;
    // The data service's leader was on the lost node: 1.5 s without one.
    const hit = options.felt && target === 'etcd-data' && since >= 0 && since < 1_500;
    const outcome = !hit ? 'ok' : since < 300 ? 'unknown' : 'failed';
    key += 1;
    const common = { kind: 'op', client: `writer-${target}`, target, action: 'write', key: `r${String(key)}`, value: key } as const;
    const endMs = startMs + (hit ? 500 : 3 + random() * 6);
    yield { ...common, startMs, endMs, outcome, ...(hit ? { error: 'etcdserver: no leader' } : {}) };
  }
}

/** All requests and writes of the load. */
export function load(options: LoadOptions): HistoryEvent[] {
  const modes = ['new', 'reused'] as const;
  const requests = paths.flatMap((path) =>
    // The control target is measured on new connections alone.
    modes.filter((mode) => path !== 'control' || mode === 'new').flatMap((mode) => [...series(path, mode, options)]),
  );
  const targets = ['api-ha', 'api-cp1', 'api-cp2', 'api-cp3', 'etcd-data'];
  return [...requests, ...targets.flatMap((target) => [...writes(target, options)])];
}
