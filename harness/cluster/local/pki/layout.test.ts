import { X509Certificate, createPrivateKey } from 'node:crypto';
import { connect, createServer } from 'node:tls';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';
import { parse } from 'yaml';

import { parseKindConfig } from '../../kind-config.ts';
import { planCluster } from '../plan.ts';
import { createCredentials, type Credentials } from './layout.ts';

const plan = planCluster(
  'lab',
  parseKindConfig(
    'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes: [{ role: control-plane }, { role: worker }]',
    'x.yaml',
  ),
  'own',
);

describe('createCredentials', () => {
  let credentials: Credentials;
  const file = (node: string, path: string): string => credentials.nodes.get(node)?.get(path) ?? '';
  const certificate = (node: string, path: string): X509Certificate => new X509Certificate(file(node, path));

  before(async () => {
    credentials = await createCredentials(plan);
  });

  it('lays the files out as kubeadm does', () => {
    expect([...(credentials.nodes.get('cp1')?.keys() ?? [])].sort()).to.deep.equal(
      [
        ...['admin.conf', 'controller-manager.conf', 'kube-proxy.conf', 'kubelet.conf', 'scheduler.conf'],
        ...[
          'apiserver',
          'apiserver-etcd-client',
          'apiserver-kubelet-client',
          'ca',
          'front-proxy-ca',
          'front-proxy-client',
          'kubelet',
        ].flatMap((name) => [`pki/${name}.crt`, `pki/${name}.key`]),
        ...['ca', 'healthcheck-client', 'peer', 'server'].flatMap((name) => [
          `pki/etcd/${name}.crt`,
          `pki/etcd/${name}.key`,
        ]),
        ...['pki/sa.key', 'pki/sa.pub'],
      ].sort(),
    );
    const worker = ['kube-proxy.conf', 'kubelet.conf', 'pki/ca.crt', 'pki/kubelet.crt', 'pki/kubelet.key'];
    expect([...(credentials.nodes.get('w1')?.keys() ?? [])].sort()).to.deep.equal(worker);
  });

  it('signs each with its own authority and no other', () => {
    const by: readonly (readonly [authority: string, names: readonly string[]])[] = [
      ['pki/ca.crt', ['pki/apiserver.crt', 'pki/apiserver-kubelet-client.crt', 'pki/kubelet.crt']],
      [
        'pki/etcd/ca.crt',
        [
          'pki/etcd/server.crt',
          'pki/etcd/peer.crt',
          'pki/etcd/healthcheck-client.crt',
          'pki/apiserver-etcd-client.crt',
        ],
      ],
      ['pki/front-proxy-ca.crt', ['pki/front-proxy-client.crt']],
    ];
    for (const [authority] of by)
      for (const [signer, names] of by)
        for (const name of names) {
          const issued = certificate('cp1', name).checkIssued(certificate('cp1', authority));
          const verified = certificate('cp1', name).verify(certificate('cp1', authority).publicKey);
          expect(issued && verified, `${name} by ${authority}`).to.equal(authority === signer);
        }
  });

  it('pairs every certificate with its key', () => {
    for (const files of credentials.nodes.values())
      for (const [path, text] of files) {
        const key = files.get(path.replace(/crt$/, 'key'));
        if (path.endsWith('.crt') && key !== undefined)
          expect(new X509Certificate(text).checkPrivateKey(createPrivateKey(key)), path).to.equal(true);
      }
  });

  it('names the API server by every name and address that clients use', () => {
    const server = certificate('cp1', 'pki/apiserver.crt');
    for (const host of ['kubernetes.default.svc', 'kubernetes.default.svc.cluster.local', 'cp1', 'localhost'])
      expect(server.checkHost(host), host).to.equal(host);
    for (const address of ['127.0.0.1', '198.18.0.2', '198.18.0.11', '198.19.128.1'])
      expect(server.checkIP(address), address).to.equal(address);
    expect(server.checkIP('198.18.0.12')).to.equal(undefined);
  });

  it('gives a kubelet the name and group that the node authorizer knows', () => {
    const config = parse(file('w1', 'kubelet.conf')) as {
      readonly clusters: readonly [{ readonly cluster: { readonly server: string } }];
      readonly users: readonly [{ readonly user: { readonly 'client-certificate-data': string } }];
    };
    const client = new X509Certificate(Buffer.from(config.users[0].user['client-certificate-data'], 'base64'));
    expect(client.subject.split('\n').sort()).to.deep.equal(['CN=system:node:w1', 'O=system:nodes']);
    expect(config.clusters[0].cluster.server).to.equal('https://198.18.0.2:6443');
  });

  it('is good for mutual TLS, and another authority is not', async () => {
    const server = createServer({
      ca: file('cp1', 'pki/etcd/ca.crt'),
      cert: file('cp1', 'pki/etcd/server.crt'),
      key: file('cp1', 'pki/etcd/server.key'),
      requestCert: true,
      rejectUnauthorized: true,
    }).listen(0, '127.0.0.1');
    const turnedAway = once(server, 'tlsClientError');
    server.on('secureConnection', (socket) => socket.end(`hello ${String(socket.getPeerCertificate().subject.CN)}`));
    try {
      await once(server, 'listening');
      const ask = (pair: string): Promise<string> => answerOf(server.address() as AddressInfo, pair);
      expect(await ask('pki/apiserver-etcd-client')).to.equal('hello kube-apiserver-etcd-client');
      expect(await ask('pki/front-proxy-client').catch(() => 'broken off')).to.not.include('hello');
      await turnedAway;
    } finally {
      server.close();
    }
  });

  async function answerOf({ port }: AddressInfo, pair: string): Promise<string> {
    const socket = connect({
      port,
      host: '127.0.0.1',
      ca: file('cp1', 'pki/etcd/ca.crt'),
      cert: file('cp1', `${pair}.crt`),
      key: file('cp1', `${pair}.key`),
    });
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    return text;
  }
});
