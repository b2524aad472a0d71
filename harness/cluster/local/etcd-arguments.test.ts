import { expect } from 'chai';

import { parseKindConfig } from '../kind-config.ts';
import { etcdArguments } from './etcd-arguments.ts';
import { planCluster } from './plan.ts';
import { controlPlaneServices } from './services/control-plane.ts';

const config = (...patches: readonly string[]): ReturnType<typeof parseKindConfig> =>
  parseKindConfig(
    JSON.stringify({ kind: 'Cluster', apiVersion: 'kind.x-k8s.io/v1alpha4', kubeadmConfigPatches: patches }),
    'x.yaml',
  );
const withArgs = (args: string): string => `kind: ClusterConfiguration\netcd: { local: { extraArgs: ${args} } }`;

describe('etcdArguments', () => {
  it('reads both forms that kubeadm has, and nothing where there is none', () => {
    expect(etcdArguments(config())).to.deep.equal({});
    expect(etcdArguments(config(withArgs('{ quota-backend-bytes: "33554432" }')))).to.deep.equal({
      'quota-backend-bytes': '33554432',
    });
    expect(
      etcdArguments(
        config(withArgs('[{ name: election-timeout, value: "5000" }]'), withArgs('{ heartbeat-interval: "500" }')),
      ),
    ).to.deep.equal({ 'election-timeout': '5000', 'heartbeat-interval': '500' });
  });

  it('reaches every member, in place of the flag that it would have had', () => {
    const plan = planCluster(
      'lab',
      config(withArgs('{ quota-backend-bytes: "33554432", snapshot-count: "5" }')),
      'own',
    );
    const [etcd] = controlPlaneServices(plan.nodes[0]!, plan, (name) => name);
    expect(etcd?.argv).to.include('--quota-backend-bytes=33554432');
    expect(etcd?.argv.filter((word) => word.startsWith('--snapshot-count='))).to.deep.equal(['--snapshot-count=5']);
  });

  it('refuses what has no meaning without kubeadm, and what the lab decides', () => {
    expect(() => etcdArguments(config('kind: InitConfiguration'))).to.throw(
      'x.yaml: kubeadmConfigPatches[0]: the local provider does not use kubeadm: expected a ClusterConfiguration',
    );
    expect(() => etcdArguments(config('kind: [', ''))).to.throw(/does not use kubeadm/);
    expect(() => etcdArguments(config(withArgs('{ data-dir: /tmp }')))).to.throw(
      'x.yaml: kubeadmConfigPatches[0]: etcd.local.extraArgs.data-dir: the local provider decides that itself',
    );
  });
});
