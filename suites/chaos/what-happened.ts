import type {
  ConnectionMode,
  FaultEvent,
  HistoryEvent,
  OpEvent,
  RequestEvent,
  SampleEvent,
  StateEvent,
} from '../../harness/model/history.ts';
import { readLease, type NodeState, type PodState } from '../../harness/model/objects.ts';
import type { FaultRecord } from '../../harness/model/report.ts';
import { readHistory } from '../../harness/run/history-file.ts';
import type { RunResult } from '../../harness/run/run-scenario.ts';

/** Faults that begin at the same time may be injected in another order; infinite when none was. */
const firstInjectedMs = ({ faults }: RunResult['report']): number =>
  Math.min(...faults.map(({ injectedMs }) => injectedMs ?? Infinity));

/** What a finished run recorded of the objects, from the moment in which its first fault was injected. */
export function afterInjection({ report, directory }: RunResult): readonly StateEvent[] {
  const injectedMs = firstInjectedMs(report);
  if (injectedMs === Infinity) throw new Error(`nothing was injected in ${directory}`);
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

/** What the watches told after the injection of pods that were deleted, or told to go. */
export const leavingPods = (result: RunResult): readonly StateEvent[] =>
  afterInjection(result).filter(
    ({ object, change, value }) =>
      object === 'Pod' && (change === 'deleted' || (value as unknown as PodState).deletionTimestamp !== null),
  );

/** The pods that were deleted, or told to go, after the injection and before a time of the run. */
export function podsThatLeft(result: RunResult, beforeMs = Infinity): readonly string[] {
  const leaving = leavingPods(result).filter(({ atMs }) => atMs < beforeMs);
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

/** A live setting that the run read back, in milliseconds; a plain number is in seconds, or in what is said. */
export function settingMs({ report }: RunResult, name: string, plain: 's' | 'ms' = 's'): number {
  const [, number, unit] =
    /^(\d+(?:\.\d+)?)(s|m)?/.exec(report.settings.find((each) => each.name === name)?.value ?? '') ?? [];
  if (number === undefined) throw new Error(`the run did not read back ${name}`);
  const factors = { s: 1_000, m: 60_000, ms: 1 } as const;
  return Number(number) * factors[(unit ?? plain) as keyof typeof factors];
}

/**
 * How long, by the live settings, the endpoints of nodes that are lost stay at most, when the controller manager that leads is lost with
 * them: its successor waits for the lease first and then starts the grace period of the nodes anew. In milliseconds.
 */
export const withdrawalMs = (result: RunResult): number =>
  ['leader-elect-lease-duration', 'node-monitor-grace-period', 'node-monitor-period']
    .map((name) => settingMs(result, `kube-controller-manager ${name}`))
    .reduce((sum, ms) => sum + ms, 0);

/**
 * How many requests on such connections got no good answer after the injection. What the load generator could not send is
 * left out, and what failed within 2 s of a failure of the control target: that was the machine, not the cluster.
 */
export function failuresDuring({ report, directory }: RunResult, mode: ConnectionMode): number {
  const injectedMs = firstInjectedMs(report);
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

/** What became of the fault of that index in the scenario; a report has them in the order in which they began. */
export function faultAt({ report, directory }: RunResult, index: number): FaultRecord {
  const found = report.faults.find(({ step }) => step.startsWith(`${String(index + 1)}-`));
  if (found === undefined) throw new Error(`the fault ${String(index)} was never begun in ${directory}`);
  return found;
}

/** When the fault of that index in the scenario came to a phase, in the run's own time. */
export function timeOf(result: RunResult, index: number, phase: FaultEvent['phase']): number {
  const { step } = faultAt(result, index);
  const found = readHistory(result.directory).find(
    (event) => event.kind === 'fault' && event.step === step && event.phase === phase,
  );
  if (found?.kind !== 'fault') throw new Error(`${step} was never ${phase} in ${result.directory}`);
  return found.atMs;
}

/** The samples of a probe between the injection of the fault of that index and the proof that it was gone. */
export function samplesOf(result: RunResult, index: number, probe: string): readonly SampleEvent[] {
  const [startMs, endMs] = [timeOf(result, index, 'injecting'), timeOf(result, index, 'gone')];
  return readHistory(result.directory).filter(
    (event): event is SampleEvent =>
      event.kind === 'sample' && event.probe === probe && event.atMs >= startMs && event.atMs <= endMs,
  );
}

const isApi = (target: string): boolean => target.startsWith('api-');

/**
 * What became of the writes through the API that were tried between a phase of the fault of that index and the beginning of its heal,
 * and how long after the heal the first one was acknowledged; infinite when none was.
 * @param through which targets of the workload `ledger`; all that lead to the API by default
 */
export function writesDuring(
  result: RunResult,
  index: number,
  from: 'injected' | 'felt',
  through: (target: string) => boolean = isApi,
): { readonly tried: number; readonly acknowledged: number; readonly backMs: number } {
  const [startMs, endMs, healedMs] = [from, 'healing' as const, 'healed' as const].map((phase) =>
    timeOf(result, index, phase),
  ) as [number, number, number];
  const writes = readHistory(result.directory).filter(
    (event): event is OpEvent => event.kind === 'op' && event.action !== 'read' && through(event.target),
  );
  const acknowledgedMs = writes.filter(({ outcome }) => outcome === 'ok').map((write) => write.endMs);
  const tried = writes.filter((write) => write.startMs >= startMs && write.startMs <= endMs);
  return {
    tried: tried.length,
    acknowledged: tried.filter((write) => write.outcome === 'ok' && write.endMs <= endMs).length,
    backMs: Math.min(...acknowledgedMs.filter((ms) => ms > healedMs)) - healedMs,
  };
}

/** When another holder had the lease of that name than when the fault of that index was injected; infinite when none had. */
export function passedMs(result: RunResult, index: number, lease: string): number {
  const injectedMs = timeOf(result, index, 'injecting');
  const told = readHistory(result.directory).filter(
    (event): event is StateEvent => event.kind === 'state' && event.object === 'Lease' && event.name === lease,
  );
  const holderOf = ({ value }: StateEvent): string => readLease(value).holder;
  const before = told.findLast(({ atMs }) => atMs <= injectedMs);
  if (before === undefined) throw new Error(`the lease ${lease} was not recorded before the fault`);
  const next = told.find((event) => event.atMs > injectedMs && holderOf(event) !== holderOf(before));
  return next?.atMs ?? Infinity;
}
