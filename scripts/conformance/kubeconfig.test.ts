import { expect } from 'chai';
import { parse, stringify } from 'yaml';

import { atServer } from './kubeconfig.ts';

describe('conformance: kubeconfig', () => {
  const given = {
    kind: 'Config',
    clusters: [{ name: 'x', cluster: { server: 'https://127.0.0.1:1', 'certificate-authority-data': 'QQ==' } }],
    users: [{ name: 'admin' }],
  };

  it('changes the address and nothing else', () => {
    const changed: unknown = parse(atServer(stringify(given), 'https://198.18.0.2:6443'));
    expect(changed).to.deep.equal({
      ...given,
      clusters: [{ name: 'x', cluster: { server: 'https://198.18.0.2:6443', 'certificate-authority-data': 'QQ==' } }],
    });
  });

  it('refuses one of several clusters', () => {
    expect(() => atServer(stringify({ ...given, clusters: [] }), 'https://a')).to.throw();
  });
});
