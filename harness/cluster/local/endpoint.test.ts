import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';

import { expect } from 'chai';

import { HarnessError } from '../../model/errors.ts';
import { parseKindConfig } from '../kind-config.ts';
import { choosePort, haproxyConfig } from './endpoint.ts';
import { planCluster } from './plan.ts';

const plan = planCluster(
  'lab',
  parseKindConfig(
    'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes: [{ role: control-plane }, { role: control-plane }, { role: control-plane }, { role: worker }]',
    'x.yaml',
  ),
  'own',
);

describe('haproxyConfig', () => {
  const lines = haproxyConfig(plan, 40_123, '/s/ca.crt', '/s/admin.sock')
    .split('\n')
    .map((line) => line.trim());

  it('listens on the loopback of the machine and in the lab, nowhere else', () => {
    expect(lines.filter((line) => line.startsWith('bind'))).to.deep.equal([
      'bind 127.0.0.1:40123',
      'bind 198.18.0.2:6443 namespace shakedown-lab',
    ]);
  });

  it('has every control plane and no worker, each checked by its certificate', () => {
    expect(lines.filter((line) => line.startsWith('server '))).to.deep.equal([
      'server cp1 198.18.0.11:6443 namespace shakedown-lab',
      'server cp2 198.18.0.12:6443 namespace shakedown-lab',
      'server cp3 198.18.0.13:6443 namespace shakedown-lab',
    ]);
    expect(lines.find((line) => line.startsWith('default-server'))).to.include(
      'check-ssl verify required ca-file /s/ca.crt',
    );
    expect(lines).to.include('option httpchk GET /readyz');
  });
});

describe('choosePort', () => {
  it('finds a free one, and refuses one that is taken in a sentence', async () => {
    const free = await choosePort(0);
    expect(free).to.be.within(1_024, 65_535);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const error = await choosePort(port).catch((thrown: unknown) => thrown);
    server.close();
    expect(error).to.be.instanceOf(HarnessError).with.property('code', 'port-in-use');
    expect((error as Error).message).to.equal(`Port ${String(port)} of 127.0.0.1 is taken by another program`);
  });
});
