import { expect } from 'chai';

import type { KubeObject } from '../kube/index.ts';
import { linesOfNode, linesOfWorkload } from './fingerprint-objects.ts';

const metadata = { name: 'w1', uid: 'u', resourceVersion: '1' };

describe('the fingerprint of the API', () => {
  it('has cordons, taints, finalizers and marks of ours on a node, but not what comes and goes with its conditions', () => {
    const node: KubeObject = {
      metadata: {
        ...metadata,
        labels: { 'kubernetes.io/hostname': 'w1', 'shakedown.dev/fault': 'ab_0' },
        finalizers: ['example.com/hold'],
      },
      spec: {
        unschedulable: true,
        taints: [
          { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
          { key: 'dedicated', value: 'db', effect: 'NoExecute' },
        ],
      },
    };
    expect(linesOfNode(node)).to.deep.equal([
      'cordon\tw1',
      'taint\tw1 dedicated=db:NoExecute',
      'finalizer\tw1 example.com/hold',
      'mark\tw1 shakedown.dev/fault',
    ]);
  });

  it('says nothing of a node on which nothing was done', () => {
    expect(linesOfNode({ metadata, spec: {} })).to.deep.equal([]);
  });

  it('has every field that a workload asks for, so that a difference names it', () => {
    const web: KubeObject = {
      metadata: { ...metadata, namespace: 'shakedown', name: 'web', finalizers: ['example.com/hold'] },
      spec: { replicas: 6, template: { spec: { containers: [{ image: 'web:1', args: [] }], nodeSelector: null } } },
    };
    expect(linesOfWorkload('deployments', web)).to.deep.equal([
      'finalizer\tdeployments shakedown/web example.com/hold',
      'asked\tdeployments shakedown/web spec.replicas: 6',
      'asked\tdeployments shakedown/web spec.template.spec.containers[0].image: "web:1"',
      'asked\tdeployments shakedown/web spec.template.spec.nodeSelector: null',
    ]);
  });
});
