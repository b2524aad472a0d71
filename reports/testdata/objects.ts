import type { StateEvent } from '../../harness/model/history.ts';
import type { Json } from '../../harness/model/json.ts';
import { moments, podOf, replacement, victim, workers, zoneOf, zones } from './moments.ts';

type Change = StateEvent['change'];

function state(atMs: number, change: Change, object: string, name: string, value: Json): StateEvent {
  const namespace = object === 'Node' ? '' : 'shakedown-web';
  return { kind: 'state', atMs, change, object, namespace, name, uid: `${object}-${name}`, value };
}

const labels = { app: 'web' };

function node(atMs: number, name: string, ready: string, reason: string, taints: readonly Json[] = []): StateEvent {
  const controlPlane = name.startsWith('cp');
  const zone = controlPlane ? (zones[Number(name.slice(2)) - 1] ?? null) : zoneOf(name);
  const value = { zone, ready, reason, taints, unschedulable: false };
  return state(atMs, atMs < 10_000 ? 'added' : 'modified', 'Node', name, value);
}

interface PodLook {
  readonly node: string | null;
  readonly ready: boolean;
  readonly deletionTimestamp?: string;
}

function pod(atMs: number, change: Change, name: string, look: PodLook): StateEvent {
  const deletionTimestamp = look.deletionTimestamp ?? null;
  const phase = look.node === null ? 'Pending' : 'Running';
  const owner = { ownerKind: 'ReplicaSet', ownerName: 'web-6c9f7d5b48', labels };
  const disruption = deletionTimestamp === null ? null : 'DeletionByTaintManager';
  const value = { node: look.node, phase, ready: look.ready, ...owner, deletionTimestamp, disruption, restarts: 0 };
  return state(atMs, change, 'Pod', name, value);
}

function budget(atMs: number, healthy: number): StateEvent {
  return state(atMs, atMs < 12_000 ? 'added' : 'modified', 'PodDisruptionBudget', 'web', {
    selector: { matchLabels: labels, matchExpressions: [] },
    minAvailable: 4,
    maxUnavailable: null,
    disruptionsAllowed: Math.max(0, healthy - 4),
    currentHealthy: healthy,
    desiredHealthy: 4,
    expectedPods: 6,
  });
}

function deployment(atMs: number, ready: number): StateEvent {
  const selector = { matchLabels: labels, matchExpressions: [] };
  const spread = { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule', selector };
  const constraints = [{ ...spread, minDomains: null, nodeAffinityPolicy: 'Honor', nodeTaintsPolicy: 'Ignore', matchLabelKeys: [] }];
  const value = { replicas: 6, ready, updated: 6, selector, topologySpreadConstraints: constraints };
  return state(atMs, atMs < 12_000 ? 'added' : 'modified', 'Deployment', 'web', value);
}

function slice(atMs: number, withVictim: boolean, withReplacement: boolean): StateEvent {
  const serving = [...workers.filter((name) => name !== victim || withVictim)].map((name) => ({ pod: podOf(name), node: name }));
  const all = withReplacement ? [...serving, { pod: replacement, node: 'w3' }] : serving;
  const endpoints = all.map((at) => ({ ...at, zone: zoneOf(at.node), ready: true, serving: true, terminating: false }));
  return state(atMs, 'modified', 'EndpointSlice', 'web-x7k2p', { service: 'web', endpoints });
}

/** What the watches delivered. `felt: false` leaves out all that the fault would have done. */
export function watched(felt: boolean): StateEvent[] {
  const start = [
    ...['cp1', 'cp2', 'cp3', ...workers].map((name) => node(9_700, name, 'True', 'KubeletReady')),
    deployment(10_000, 0),
    budget(10_050, 0),
    ...workers.map((name) => pod(10_200, 'added', podOf(name), { node: name, ready: false })),
    ...workers.map((name, at) => pod(12_400 + at * 150, 'modified', podOf(name), { node: name, ready: true })),
    deployment(13_300, 6),
    budget(13_350, 6),
    slice(13_400, true, false),
  ];
  if (!felt) return start;
  const taints = [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }];
  const deleted = { node: victim, ready: false, deletionTimestamp: '2026-11-21T08:00:45Z' };
  return [
    ...start,
    node(moments.notReady, victim, 'Unknown', 'NodeStatusUnknown', taints),
    pod(moments.notReady + 60, 'modified', podOf(victim), { node: victim, ready: false }),
    budget(moments.notReady + 90, 5),
    deployment(moments.notReady + 100, 5),
    slice(moments.withdrawn, false, false),
    pod(moments.evicted, 'modified', podOf(victim), deleted),
    pod(moments.evicted + 40, 'added', replacement, { node: null, ready: false }),
    pod(moments.scheduled, 'modified', replacement, { node: 'w3', ready: false }),
    pod(moments.replaced, 'modified', replacement, { node: 'w3', ready: true }),
    slice(moments.replaced + 60, false, true),
    budget(moments.replaced + 90, 6),
    deployment(moments.replaced + 100, 6),
    node(moments.nodeReady, victim, 'True', 'KubeletReady'),
    pod(moments.removed, 'deleted', podOf(victim), deleted),
  ];
}
