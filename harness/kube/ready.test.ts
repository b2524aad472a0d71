import { expect } from 'chai';

import { unready } from './ready.ts';

const metadata = { name: 'web', uid: 'u', resourceVersion: '1', generation: 2 };
const deployment = (status: object): Parameters<typeof unready>[0] => ({
  kind: 'Deployment',
  metadata,
  spec: { replicas: 3 },
  status,
});

describe('unready', () => {
  it('is null when all replicas are new and available', () => {
    const status = { observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3 };
    expect(unready(deployment(status))).to.equal(null);
  });

  it('does not believe the status of an older generation', () => {
    const status = { observedGeneration: 1, replicas: 3, updatedReplicas: 3, availableReplicas: 3 };
    expect(unready(deployment(status))).to.equal('Deployment web is not yet seen by its controller');
  });

  it('counts what is missing', () => {
    const status = { observedGeneration: 2, replicas: 3, updatedReplicas: 2, availableReplicas: 1 };
    expect(unready(deployment(status))).to.equal('Deployment web: 1 of 3 available, 2 updated');
  });

  it('waits for old replicas to go', () => {
    const status = { observedGeneration: 2, replicas: 4, updatedReplicas: 3, availableReplicas: 3 };
    expect(unready(deployment(status))).to.equal('Deployment web: 3 of 3 available, 3 updated, 1 old left');
  });

  it('takes a DaemonSet by the nodes that suit it', () => {
    const status = { observedGeneration: 2, desiredNumberScheduled: 6, updatedNumberScheduled: 6, numberAvailable: 5 };
    expect(unready({ kind: 'DaemonSet', metadata, status })).to.equal('DaemonSet web: 5 of 6 available, 6 updated');
  });
});
