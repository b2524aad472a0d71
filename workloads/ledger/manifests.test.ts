import { expect } from 'chai';

import { dataManifests } from './manifests.ts';
import { ledgerOptions } from './options.ts';

interface Pod {
  readonly containers: readonly { readonly args: readonly string[]; readonly volumeMounts: readonly object[] }[];
  readonly volumes: readonly object[];
  readonly nodeSelector?: object;
  readonly topologySpreadConstraints?: readonly object[];
}

const made = (data: Parameters<typeof ledgerOptions>[0] = {}) => {
  const options = ledgerOptions({ data }).data;
  if (options === null) throw new Error('no data service');
  const manifests = dataManifests('ns', options);
  const set = manifests.find(({ kind }) => kind === 'StatefulSet')!['spec'] as { template: { spec: Pod } };
  const pod = set.template.spec;
  return { manifests, set, pod, args: pod.containers[0]!.args };
};

describe('the manifests of the data service', () => {
  it('are three members that know each other, one per zone', () => {
    const { manifests, set, pod, args } = made();
    expect(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).to.deep.equal([
      'Service ledger-0',
      'Service ledger-1',
      'Service ledger-2',
      'Service ledger',
      'PodDisruptionBudget ledger',
      'StatefulSet ledger',
    ]);
    expect(set).to.include({ replicas: 3, serviceName: 'ledger', podManagementPolicy: 'Parallel' });
    expect(args).to.include(
      '--initial-cluster=ledger-0=http://ledger-0.ns.svc:2380,ledger-1=http://ledger-1.ns.svc:2380,ledger-2=http://ledger-2.ns.svc:2380',
    );
    expect(args).to.include('--initial-advertise-peer-urls=http://$(POD).ns.svc:2380');
    expect(args).to.not.include('--unsafe-no-fsync');
    expect(pod.topologySpreadConstraints).to.have.length(1);
  });

  it('can be made to lose what was acknowledged', () => {
    const { manifests, pod, args } = made({ replicas: 1, storage: 'memory', fsync: false, node: 'w2' });
    expect(manifests.map(({ kind }) => kind)).to.not.include('PodDisruptionBudget');
    expect(args).to.include('--unsafe-no-fsync');
    expect(pod.volumes).to.deep.equal([{ name: 'data', emptyDir: { medium: 'Memory', sizeLimit: '512Mi' } }]);
    expect(pod.nodeSelector).to.deep.equal({ 'kubernetes.io/hostname': 'w2' });
    expect(pod).to.not.have.property('topologySpreadConstraints');
  });

  it('keep each member in a folder of its own on the host', () => {
    const { pod } = made({ storage: 'hostPath' });
    expect(pod.containers[0]!.volumeMounts).to.deep.equal([
      { name: 'data', mountPath: '/data', subPathExpr: '$(POD)' },
    ]);
  });
});
