import { expect } from 'chai';

import { identitiesOf, identityOf } from './identity.ts';

describe('the identity of a promise', () => {
  it('does not depend on how much is allowed', () => {
    const before = identityOf({ guarantee: 'rto', params: { under: '15s', path: 'nodeport-*', mode: 'new' } });
    const after = identityOf({ guarantee: 'rto', params: { mode: 'new', path: 'nodeport-*', under: '2.5s', most: 3 } });
    expect(before).to.equal('rto(mode=new, path=nodeport-*)');
    expect(after).to.equal(before);
  });

  it('tells two promises of one kind apart by what they measure, else by their places', () => {
    const specs = [
      { guarantee: 'rto', params: { under: '1s' } },
      { guarantee: 'rto', params: { under: '1s', path: 'ingress' } },
      { guarantee: 'rto', params: { under: '9s' } },
    ];
    expect(identitiesOf(specs)).to.deep.equal(['rto', 'rto(path=ingress)', 'rto #2']);
  });
});
