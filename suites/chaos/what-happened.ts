import type {
  ConnectionMode,
  FaultEvent,
  HistoryEvent,
  OpEvent,
  RequestEvent,
  StateEvent,
} from '../../harness/model/history.ts';
import type { NodeState, PodState } from '../../harness/model/objects.ts';
import { readHistory } from '../../harness/run/history-file.ts';
import type { RunResult } from '../../harness/run/run-scenario.ts';

/** What a finished run recorded of the objects, from the moment in which its first fault was injected. */
export function afterInjection({ report, directory }: RunResult): readonly StateEvent[] {
  const injectedMs = report.faults[0]?.injectedMs;
  if (injectedMs === null || injectedMs === undefined) throw new Error(`nothing was injected in ${directory}`);
  const isLater = (event: HistoryEvent): event is StateEvent => event.kind === 'state' && event.atMs >= injectedMs;
  return readHistory(directory).filter(isLater);
}

/** The readiness of the first fault's node, each time that it was told after the injection. */
export function readinessOfVictim(result: RunResult): readonly NodeState['ready'][] {
  const [victim] = result.report.faults[0]?.targets ?? [];
  return afterInjection(result)
    .filter(({ object, name }) => object === 'Node' && name === victim)
    .map(({ value }) => (value as unknown as NodeState).ready);
}

/** The nodes that were not Ready at some time after the injection, as `node Ready=...`. */
export function unreadyNodes(result: RunResult): readonly string[] {
  const seen = afterInjection(result)
    .filter(({ object }) => object === 'Node')
    .map(({ name, value }) => `${name} Ready=${(value as unknown as NodeState).ready}`);
  return [...new Set(seen)].filter((each) => !each.endsWith('=True'));
}

/** The pods that were deleted, or told to go, after the injection. */
export function podsThatLeft(result: RunResult): readonly string[] {
  const leaving = afterInjection(result).filter(
    ({ object, change, value }) =>
      object === 'Pod' && (change === 'deleted' || (value as unknown as PodState).deletionTimestamp !== null),
  );
  return [...new Set(leaving.map(({ name }) => name))];
}

/** The containers that were started again after the injection, as `pod (n restarts more)`. */
export function restarts(result: RunResult): readonly string[] {
  const counts = new Map<string, number[]>();
  for (const { object, name, value } of afterInjection(result)) {
    if (object !== 'Pod') continue;
    counts.set(name, [...(counts.get(name) ?? []), (value as unknown as PodState).restarts]);
  }
  return [...counts].filter(([, seen]) => Math.max(...seen) > (seen[0] ?? 0)).map(([name]) => name);
}

/** A live setting that the run read back, in milliseconds. */
export function settingMs({ report }: RunResult, name: string): number {
  const [, number, unit] =
    /^(\d+(?:\.\d+)?)(s|m)?/.exec(report.settings.find((each) => each.name === name)?.value ?? '') ?? [];
  if (number === undefined) throw new Error(`the run did not read back ${name}`);
  return Number(number) * (unit === 'm' ? 60_000 : 1_000);
}

/**
 * How many requests on such connections got no good answer after the injection. What the load generator could not send is
 * left out, and what failed within 2 s of a failure of the control target: that was the machine, not the cluster.
 */
export function failuresDuring({ report, directory }: RunResult, mode: ConnectionMode): number {
  const injectedMs = report.faults[0]?.injectedMs ?? Infinity;
  const failed = readHistory(directory).filter(
    (event): event is RequestEvent => event.kind === 'request' && event.startMs >= injectedMs && !event.ok,
  );
  const controls = failed.filter(({ path }) => path === 'control');
  const isShared = ({ startMs }: RequestEvent): boolean =>
    controls.some((control) => Math.abs(control.startMs - startMs) < 2_000);
  return failed.filter(
    (event) => event.path !== 'control' && event.error !== 'dropped' && event.mode === mode && !isShared(event),
  ).length;
}

/**
 * What became of the writes through the API that were tried between a phase of the fault of that index and the beginning of its heal,
 * and how long after the heal the first one was acknowledged; infinite when none was.
 */
export function writesDuring(
  { report, directory }: RunResult,
  index: number,
  from: 'injected' | 'felt',
): { readonly tried: number; readonly acknowledged: number; readonly backMs: number } {
  const events = readHistory(directory);
  const step = report.faults[index]?.step;
  const timeOf = (phase: FaultEvent['phase']): number => {
    const found = events.find((event) => event.kind === 'fault' && event.step === step && event.phase === phase);
    if (found?.kind !== 'fault') throw new Error(`the fault ${String(index)} was never ${phase} in ${directory}`);
    return found.atMs;
  };
  const [startMs, endMs, healedMs] = [timeOf(from), timeOf('healing'), timeOf('healed')];
  const writes = events.filter(
    (event): event is OpEvent => event.kind === 'op' && event.action !== 'read' && event.target.startsWith('api-'),
  );
  const acknowledgedMs = writes.filter(({ outcome }) => outcome === 'ok').map((write) => write.endMs);
  const tried = writes.filter((write) => write.startMs >= startMs && write.startMs <= endMs);
  return {
    tried: tried.length,
    acknowledged: tried.filter((write) => write.outcome === 'ok' && write.endMs <= endMs).length,
    backMs: Math.min(...acknowledgedMs.filter((ms) => ms > healedMs)) - healedMs,
  };
}
