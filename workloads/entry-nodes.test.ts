import { expect } from 'chai';

import type { NodeFacts } from '../harness/model/cluster.ts';
import { entryNodes } from './entry-nodes.ts';

const node = (name: string, zone: string | null, role: NodeFacts['role'] = 'worker'): NodeFacts => ({
  name,
  role,
  zone,
  address: `198.18.0.${name.slice(1)}`,
});

describe('the entry nodes', () => {
  it('are the first worker by name of each zone', () => {
    const nodes = [
      node('c1', 'zone-c', 'control-plane'),
      node('w10', 'zone-b'),
      node('w2', 'zone-b'),
      node('w3', 'zone-a'),
    ];
    expect(entryNodes({ nodes }).map(({ zone, node: { name } }) => [zone, name])).to.deep.equal([
      ['zone-a', 'w3'],
      ['zone-b', 'w2'],
    ]);
  });

  it('are of the zone none where nodes have no zone', () => {
    expect(entryNodes({ nodes: [node('w1', null)] }).map(({ zone }) => zone)).to.deep.equal(['none']);
  });
});
