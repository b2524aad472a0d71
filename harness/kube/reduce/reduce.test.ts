import { expect } from 'chai';

import { readEndpointSlice, readService } from '../../model/endpoint-objects.ts';
import type { Json } from '../../model/json.ts';
import { readBudget, readLease, readNode, readPod, readWorkload } from '../../model/objects.ts';
import { reduceBudget } from './budget.ts';
import { reduceEndpointSlice } from './endpoint-slice.ts';
import { reduceLease } from './lease.ts';
import { reduceNode } from './node.ts';
import { reducePod } from './pod.ts';
import { reduceService } from './service.ts';
import { reduceWorkload } from './workload.ts';

const metadata = { name: 'x', uid: 'u', resourceVersion: '1' };
const json = (value: object): Json => JSON.parse(JSON.stringify(value)) as Json;

describe('what the recorder writes is what the judges read', () => {
  it('a node that is lost', () => {
    const node = reduceNode({
      metadata: { ...metadata, labels: { 'topology.kubernetes.io/zone': 'zone-a' } },
      spec: { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', timeAdded: 'x' }] },
      status: { conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' }] },
    });
    expect(readNode(json(node))).to.deep.equal({
      zone: 'zone-a',
      ready: 'Unknown',
      reason: 'NodeStatusUnknown',
      taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }],
      unschedulable: false,
      labels: { 'topology.kubernetes.io/zone': 'zone-a' },
    });
  });

  it('a pod that is being evicted after a crash', () => {
    const pod = reducePod({
      metadata: {
        ...metadata,
        deletionTimestamp: '2026-01-01T00:00:00Z',
        ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1', controller: true }],
      },
      spec: { nodeName: 'w1' },
      status: {
        phase: 'Running',
        conditions: [
          { type: 'Ready', status: 'True' },
          { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' },
        ],
        initContainerStatuses: [{ name: 'prepare', restartCount: 0, state: { terminated: {} } }],
        containerStatuses: [
          {
            name: 'web',
            restartCount: 2,
            state: { running: {} },
            lastState: { terminated: { reason: 'OOMKilled', finishedAt: '1' } },
          },
        ],
      },
    });
    expect(readPod(json(pod)).containers).to.deep.equal([
      { name: 'prepare', restarts: 0, state: 'terminated' },
      { name: 'web', restarts: 2, state: 'running' },
    ]);
    expect(readPod(json(pod))).to.include({
      node: 'w1',
      ready: true,
      ownerKind: 'ReplicaSet',
      ownerName: 'web-1',
      disruption: 'EvictionByEvictionAPI',
      restarts: 2,
      terminated: 'OOMKilled',
    });
  });

  it('an endpoint without conditions is ready, by the API rule', () => {
    const slice = reduceEndpointSlice({
      metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'web' } },
      endpoints: [
        { targetRef: { kind: 'Pod', name: 'web-1', uid: 'u1' }, nodeName: 'w1', zone: 'zone-a' },
        { targetRef: { kind: 'Pod', name: 'web-2' }, conditions: { ready: false, serving: true, terminating: true } },
      ],
    });
    expect(readEndpointSlice(json(slice)).endpoints).to.deep.equal([
      { pod: 'web-1', uid: 'u1', node: 'w1', zone: 'zone-a', ready: true, serving: true, terminating: false },
      { pod: 'web-2', uid: null, node: null, zone: null, ready: false, serving: true, terminating: true },
    ]);
  });

  it('a service, and one whose endpoints somebody else chooses', () => {
    const service = { metadata, spec: { selector: { app: 'web' }, publishNotReadyAddresses: true } };
    expect(readService(json(reduceService(service)))).to.deep.equal({
      selector: { app: 'web' },
      publishNotReady: true,
    });
    expect(readService(json(reduceService({ metadata })))).to.deep.equal({ selector: null, publishNotReady: false });
  });

  it('a lease of leader election', () => {
    const spec = {
      holderIdentity: 'cp1_a',
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:00:02.000000Z',
      leaseDurationSeconds: 15,
      leaseTransitions: 1,
    };
    expect(readLease(json(reduceLease({ metadata, spec })))).to.deep.equal({
      holder: 'cp1_a',
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:00:02.000000Z',
      durationSeconds: 15,
      transitions: 1,
    });
  });

  it('a budget in percent', () => {
    const budget = reduceBudget({
      metadata,
      spec: { minAvailable: '50%', selector: { matchLabels: { app: 'web' } } },
      status: { disruptionsAllowed: 3, currentHealthy: 6, desiredHealthy: 3, expectedPods: 6 },
    });
    expect(readBudget(json(budget))).to.deep.include({ minAvailable: '50%', maxUnavailable: null, currentHealthy: 6 });
  });

  it('a deployment with its spread constraint', () => {
    const deployment = reduceWorkload({
      metadata,
      spec: {
        replicas: 6,
        selector: { matchLabels: { app: 'web' } },
        template: {
          spec: {
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: 'topology.kubernetes.io/zone',
                whenUnsatisfiable: 'DoNotSchedule',
                labelSelector: { matchLabels: { app: 'web' } },
              },
            ],
          },
        },
      },
      status: { readyReplicas: 5, updatedReplicas: 6 },
    });
    const read = readWorkload(json(deployment));
    expect(read).to.include({ replicas: 6, ready: 5, updated: 6 });
    expect(read.topologySpreadConstraints[0]).to.include({ maxSkew: 1, minDomains: null, nodeTaintsPolicy: 'Ignore' });
  });
});
