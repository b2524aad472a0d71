import { expect } from 'chai';

import { findFlag } from './flags.ts';

const kubernetes = `
      --node-monitor-grace-period duration     Amount of time (see --unhealthy-zone-threshold) before marking it. (default 50s)
      --node-monitor-period duration           The period for syncing. (default 5s)
      --feature-gates mapStringBool            A set of pairs.
`;
const etcd = `
  --heartbeat-interval '100'
    Time (in milliseconds) of a heartbeat interval.
  --election-timeout '1000'
    Time (in milliseconds) for an election to timeout.
`;

describe('findFlag', () => {
  it('prefers the command line, in either form', () => {
    expect(findFlag(['kcm', '--node-monitor-period=2s'], kubernetes, 'node-monitor-period')).to.deep.equal({
      value: '2s',
      from: 'command line',
    });
    expect(findFlag(['kcm', '--node-monitor-period', '3s'], kubernetes, 'node-monitor-period')?.value).to.equal('3s');
  });

  it('reads the default that the program prints for that very flag', () => {
    expect(findFlag(['kcm'], kubernetes, 'node-monitor-grace-period')).to.deep.equal({
      value: '50s',
      from: 'default by its --help',
    });
    expect(findFlag(['kcm'], kubernetes, 'node-monitor-period')?.value).to.equal('5s');
    expect(findFlag(['etcd'], etcd, 'election-timeout')?.value).to.equal('1000');
  });

  it('says nothing of what it cannot read', () => {
    expect(findFlag(['kcm'], kubernetes, 'feature-gates')).to.equal(null);
    expect(findFlag(['kcm'], kubernetes, 'node-monitor')).to.equal(null);
  });
});
