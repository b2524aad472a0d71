import { expect } from 'chai';

import { factsOf, type Findings } from './facts.ts';
import type { RawNode } from './raw-node.ts';
import type { View } from './view.ts';

const node = (name: string, address: string, labels: Readonly<Record<string, string>>): RawNode => ({
  metadata: { name, labels },
  status: {
    addresses: [{ type: 'Hostname', address: name }, ...(address === '' ? [] : [{ type: 'InternalIP', address }])],
  },
});
const view: View = {
  version: 'v1.33.1',
  nodes: [
    node('cp', '10.0.0.1', { 'node-role.kubernetes.io/control-plane': '' }),
    node('w', '10.0.0.2', { 'topology.kubernetes.io/zone': 'b' }),
  ],
  allowed: true,
  owner: null,
  apiServers: [
    { address: '10.0.0.1', port: 6443 },
    { address: '10.9.9.9', port: 6443 },
  ],
};
const found: Findings = {
  name: 'arn:aws/eks@x',
  server: 'https://api.example:6443',
  silent: [],
  whyNoAgents: null,
  etcd: { wiring: 'own', etcdctl: ['etcdctl'] },
  whyNoEtcd: '',
};

describe('the facts of a cluster of others', () => {
  it('come from its nodes, and it is never owned', () => {
    const facts = factsOf(view, found);
    expect(facts.nodes).to.deep.equal([
      { name: 'cp', role: 'control-plane', zone: null, address: '10.0.0.1' },
      { name: 'w', role: 'worker', zone: 'b', address: '10.0.0.2' },
    ]);
    expect([facts.owned, facts.provider, facts.name]).to.deep.equal([false, 'existing', 'arn-aws-eks-x']);
    expect(facts.capabilities).to.deep.equal(['node-shell', 'places', 'etcd']);
    // What is no node of the cluster, or does not answer, is no API server that load can be sent to.
    expect(facts.apiServers).to.deep.equal([{ node: 'cp', url: 'https://10.0.0.1:6443' }]);
  });

  it('lack everything that goes over the network when this machine does not reach it, and say so', () => {
    const facts = factsOf(view, { ...found, silent: ['10.0.0.1'] });
    expect(facts.capabilities).to.deep.equal([]);
    expect(facts.missing?.places).to.equal(
      'this machine does not reach the addresses of cp; run shakedown on one that does',
    );
    expect(facts.apiServers).to.deep.equal([]);
  });

  it('lack shells and etcd where no privileged pod is admitted', () => {
    const facts = factsOf(view, { ...found, whyNoAgents: 'it admits none' });
    expect(facts.capabilities).to.deep.equal(['places']);
    expect([facts.missing?.['node-shell'], facts.missing?.etcd]).to.deep.equal(['it admits none', 'it admits none']);
  });

  it('are refused for a node without an address', () => {
    expect(() => factsOf({ ...view, nodes: [node('lost', '', {})] }, found)).to.throw('Node lost has no InternalIP');
  });
});
