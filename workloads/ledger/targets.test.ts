import { expect } from 'chai';

import type { ClusterFacts } from '../../harness/model/cluster.ts';
import { ledgerOptions } from './options.ts';
import { targetsOf } from './targets.ts';

const facts: Pick<ClusterFacts, 'apiEndpoint' | 'apiServers' | 'nodes'> = {
  apiEndpoint: 'https://198.18.0.10:6443',
  apiServers: [{ node: 'cp1', url: 'https://198.18.0.11:6443' }],
  nodes: [{ name: 'w1', role: 'worker', zone: 'zone-a', address: '198.18.0.101' }],
};

describe('the targets of the ledger', () => {
  it('are the endpoint, each API server, and the data service by each zone', () => {
    expect(targetsOf(facts, ledgerOptions({})).map(({ name, url }) => `${name} ${url}`)).to.deep.equal([
      'api-ha https://198.18.0.10:6443',
      'api-cp1 https://198.18.0.11:6443',
      'etcd-data-zone-a http://198.18.0.101:30079',
    ]);
  });

  it('can be left out', () => {
    expect(targetsOf(facts, ledgerOptions({ data: null })).map(({ store }) => store)).to.deep.equal(['api', 'api']);
    expect(targetsOf(facts, ledgerOptions({ api: false })).map(({ store }) => store)).to.deep.equal(['data']);
  });
});
