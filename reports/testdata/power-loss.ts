import type { FaultEvent, History, HistoryEvent, PhaseEvent } from '../../harness/model/history.ts';
import type { FaultRecord, RunReport } from '../../harness/model/report.ts';
import { type Outcome, worst } from '../../harness/model/verdict.ts';
import { moments, victim, workers, zoneOf, zones } from './moments.ts';
import { watched } from './objects.ts';
import { pdb, rpo, rto, spread, unknownRto } from './promises.ts';
import { load } from './requests.ts';

export interface SyntheticOptions {
  /** The promised RTO; the synthetic outage lasts 16.57 s at least and 17.13 s at most. */
  readonly rtoLimitMs?: number;
  /** False: the fault was injected but never reached its victim. */
  readonly felt?: boolean;
  /** The length of the run in ms, 70 s unless given. */
  readonly durationMs?: number;
}

const step = '1-node-power-loss';
const fault = 'node-power-loss';
const feltEvidence = 'w4 last renewed its lease 0.9 s ago and answers neither on :10250 nor to ping from w3';
const goneEvidence = 'w4 answers ping and :10250, its boot id is new, and no rule of ours is left on it';

function faultEvents(felt: boolean): FaultEvent[] {
  const event = (atMs: number, phase: FaultEvent['phase'], detail: string): FaultEvent => {
    return { kind: 'fault', atMs, step, fault, phase, detail, targets: [victim] };
  };
  return [
    event(17_000, 'planned', 'w4 chosen by seed 7 among 6 workers'),
    event(moments.injecting, 'injecting', 'link down, then every process ended'),
    event(moments.injected, 'injected', 'link of w4 is down'),
    felt ? event(moments.felt, 'felt', feltEvidence) : event(34_000, 'not-felt', 'w4 was still Ready after 10 s'),
    event(moments.healing, 'healing', 'power on, link up'),
    event(moments.healed, 'healed', 'w4 has power and its link'),
    event(moments.gone, 'gone', goneEvidence),
  ];
}

function phasesUntil(endMs: number): RunReport['phases'] {
  const starts: readonly (readonly [string, number])[] = [
    ['preflight', 0],
    ['acquire', 400],
    ['deploy', 9_800],
    ['load', 14_000],
    ['steady', 14_200],
    ['plan', 17_000],
    ['inject', moments.injecting],
    ['prove', moments.injected],
    ['hold', moments.felt],
    ['heal', moments.healing],
    ['recover', moments.gone],
    ['drain', endMs - 4_000],
    ['judge', endMs - 300],
    ['report', endMs - 100],
  ];
  return starts.map(([name, startMs], at) => ({ name, startMs, endMs: starts[at + 1]?.[1] ?? endMs }));
}

function phaseEvents(phases: RunReport['phases']): PhaseEvent[] {
  return phases.flatMap(({ name, startMs, endMs }): PhaseEvent[] => [
    { kind: 'phase', atMs: startMs, phase: name, state: 'started' },
    { kind: 'phase', atMs: endMs, phase: name, state: 'ended' },
  ]);
}

function recordOf(felt: boolean): FaultRecord {
  return {
    step,
    fault,
    targets: [victim],
    plan: { node: victim, zone: zoneOf(victim) },
    active: felt ? { proved: true, evidence: feltEvidence } : { proved: false, evidence: 'w4 was still Ready after 10 s' },
    gone: { proved: true, evidence: goneEvidence },
    injectedMs: moments.injected,
    feltMs: felt ? moments.felt : null,
    healedMs: moments.healed,
    goneMs: moments.gone,
  };
}

const cluster: RunReport['cluster'] = {
  name: 'shakedown-7f3a',
  provider: 'local',
  owned: true,
  kubernetesVersion: 'v1.34.4',
  nodes: ['cp1', 'cp2', 'cp3', ...workers].map((name, at) => ({
    name,
    role: name.startsWith('cp') ? 'control-plane' : 'worker',
    zone: name.startsWith('cp') ? (zones[at] ?? null) : zoneOf(name),
    address: `10.31.0.${String(at + 11)}`,
  })),
  capabilities: ['node-shell', 'power', 'etcd', 'places'],
  apiEndpoint: 'https://10.31.0.2:6443',
  apiServers: [],
  etcd: { wiring: 'own', etcdctl: ['etcdctl'] },
};

const settings: RunReport['settings'] = [
  { name: 'node-monitor-grace-period', value: '16s', source: 'cp1 kube-controller-manager flags' },
  { name: 'nodeStatusUpdateFrequency', value: '4s', source: 'w1 kubelet configz' },
  { name: 'tolerationSeconds (unreachable)', value: '5', source: 'Deployment/web pod template' },
  { name: 'terminationGracePeriodSeconds', value: '20', source: 'Deployment/web pod template' },
  { name: 'kube-proxy mode', value: 'nftables', source: 'w1 kube-proxy /proxyMode' },
  { name: 'etcd election timeout', value: '1000ms', source: 'cp1 etcd flags' },
];

const scenario: RunReport['scenario'] = {
  name: 'node-power-loss',
  summary: 'A worker loses its power for 30 s while web is under load.',
  seed: 7,
  cluster: { provider: 'local', config: 'kind-configs/three-zones.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: { replicas: 6 } }],
  load: { rate: 40, timeout: '2s', modes: ['new', 'reused'] },
  faults: [{ fault, params: { node: 'any-worker' }, from: '10s', hold: '30s' }],
  guarantees: [rpo.spec, pdb.spec, spread.spec],
  recoverWithin: '60s',
};

/** As the engine concludes: the first reason of the worst outcome. */
function becauseOf(outcome: Outcome, guarantees: RunReport['guarantees']): string {
  if (outcome === 'unknown') return `${step} was not felt: w4 was still Ready after 10 s`;
  const worst = guarantees.flatMap(({ verdict }) => (verdict.status === 'violated' ? [verdict.because] : []));
  return worst[0] ?? 'every fault was felt and healed, and every promise was measured and held';
}

/** A run that a real cluster could have had, made from arithmetic: the same options give the same run to the byte. */
export function syntheticRun(options: SyntheticOptions = {}): { readonly report: RunReport; readonly history: History } {
  const felt = options.felt ?? true;
  const endMs = options.durationMs ?? moments.end;
  const phases = phasesUntil(endMs);
  const events: HistoryEvent[] = [
    ...phaseEvents(phases),
    ...faultEvents(felt),
    ...watched(felt),
    ...load({ endMs: endMs - 4_000, felt }),
  ];
  const at = (event: HistoryEvent): number => ('atMs' in event ? event.atMs : event.startMs);
  const history = events.sort((left, right) => at(left) - at(right));
  const first = felt ? rto(history, options.rtoLimitMs ?? 15_000) : unknownRto();
  const guarantees = [first, rpo, pdb, spread];
  const outcome = worst(guarantees.map(({ verdict }) => verdict.status));
  const report: RunReport = {
    schema: 1,
    id: '20261121-080000-node-power-loss-7',
    scenario: { ...scenario, guarantees: guarantees.map(({ spec }) => spec) },
    seed: 7,
    version: '0.1.0',
    commit: '1dd8dd5',
    startedAt: '2026-11-21T08:00:00.000Z',
    durationMs: endMs,
    replay: 'shakedown run node-power-loss --seed 7',
    outcome,
    because: becauseOf(outcome, guarantees),
    cluster,
    settings,
    phases,
    faults: [recordOf(felt)],
    guarantees,
    fingerprint: { compared: ['cp1', 'cp2', 'cp3', ...workers], differences: [] },
    left: [],
  };
  return { report, history };
}
