import { expect } from 'chai';

import type { Cluster } from '../../harness/model/cluster.ts';
import { web } from '../web/index.ts';
import { neighbour } from './index.ts';

const cluster = {
  facts: { nodes: [{ name: 'w1', role: 'worker', zone: 'zone-a', address: '198.18.0.101' }] },
} as unknown as Cluster;
const portOf = (manifests: ReturnType<typeof web.manifests>): number =>
  (
    manifests.find(({ kind }) => kind === 'Service') as unknown as {
      readonly spec: { readonly ports: readonly { readonly nodePort: number }[] };
    }
  ).spec.ports[0]!.nodePort;

describe('the neighbour', () => {
  const manifests = neighbour.manifests('shakedown', {});

  it('lives in a namespace of its own, which is made first', () => {
    expect(manifests.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? metadata.name}`)).to.deep.equal([
      'Namespace shakedown-neighbour',
      'Service shakedown-neighbour',
      'Deployment shakedown-neighbour',
    ]);
  });

  it('has a port of its own, and names its namespace in its paths', () => {
    const port = portOf(manifests);
    expect(port).to.not.equal(portOf(web.manifests('shakedown', {})));
    expect(neighbour.paths(cluster)).to.deep.equal([
      { name: 'shakedown-neighbour/nodeport-zone-a', url: `http://198.18.0.101:${String(port)}/` },
    ]);
  });

  it('refuses what it has no option for', () => {
    expect(() => neighbour.manifests('shakedown', { latency: 1 })).to.throw(/latency/);
  });
});
