import { expect } from 'chai';

import type { ClusterFacts } from '../model/cluster.ts';
import type { Fault } from '../model/fault.ts';
import { obstacleOf, refuseWithoutPlaces } from './obstacle.ts';

const facts: ClusterFacts = {
  name: 'theirs',
  provider: 'existing',
  owned: false,
  kubernetesVersion: 'v1.34.0',
  nodes: [],
  capabilities: ['places'],
  apiEndpoint: 'https://x',
  apiServers: [],
  etcd: null,
};
const fault = (needs: Fault['needs']): Fault => ({ needs, obstacle: () => 'its own' }) as unknown as Fault;

describe('obstacleOf', () => {
  it('asks the fault itself when the cluster has what it needs', () => {
    expect(obstacleOf(fault(['places']), facts, {})).to.equal('its own');
  });

  it('names what is lacking, with each reason once', () => {
    expect(obstacleOf(fault(['node-shell', 'etcd']), facts, {})).to.equal(
      'this existing cluster lacks: node-shell, etcd',
    );
    const missing = { 'node-shell': 'it admits no pod', etcd: 'it admits no pod', power: 'its owner has the switch' };
    expect(obstacleOf(fault(['power', 'node-shell', 'etcd']), { ...facts, missing }, {})).to.equal(
      'this existing cluster lacks: power, node-shell, etcd (its owner has the switch; it admits no pod)',
    );
  });
});

describe('refuseWithoutPlaces', () => {
  it('refuses to load a cluster that cannot be reached', () => {
    refuseWithoutPlaces({ facts });
    expect(() => {
      refuseWithoutPlaces({ facts: { ...facts, missing: { places: 'no way there' } } });
    }).to.throw('Nothing can be measured on theirs: no way there');
  });
});
