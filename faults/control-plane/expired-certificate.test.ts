import { expect } from 'chai';

import { messageOf } from '../../harness/model/errors.ts';
import { contextOf, FakeCluster } from '../testing/fake-cluster.ts';
import { expiredCertificate } from './expired-certificate.ts';

const refusal = async (work: Promise<unknown>): Promise<string> => work.then(() => 'none', messageOf);

describe('expired-certificate', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });
  const plan = (params = {}): ReturnType<typeof expiredCertificate.plan> =>
    expiredCertificate.plan(contextOf(cluster), expiredCertificate.params(params));

  it('finds each certificate where its program reads it', async () => {
    expect(await plan({ node: 'w2' })).to.include({
      node: 'w2',
      file: '/etc/kubernetes/kubelet.conf',
      form: 'kubeconfig',
    });
    expect(await plan({ which: 'kubelet-serving', node: 'w2' })).to.include({
      file: '/etc/kubernetes/pki/kubelet.crt',
      form: 'pem',
    });
    expect(await plan({ which: 'apiserver-serving', node: 'cp3' })).to.include({
      node: 'cp3',
      file: '/etc/kubernetes/pki/apiserver.crt',
    });
  });

  it('keeps the key of the authority out of its plan', async () => {
    expect(JSON.stringify(await plan())).to.not.match(/BEGIN|PRIVATE/);
  });

  it('says why it cannot run', () => {
    const obstacle = (params: object, nodes = cluster.facts.nodes): string | null =>
      expiredCertificate.obstacle({ ...cluster.facts, nodes }, expiredCertificate.params({ ...params }));
    expect(obstacle({ node: 'w9' })).to.equal('fake has no node named w9.');
    expect(obstacle({ which: 'apiserver-serving', node: 'w1' })).to.equal('fake has no such control plane.');
    const managed = cluster.facts.nodes.filter(({ role }) => role === 'worker');
    expect(obstacle({}, managed)).to.equal('No node of fake is a control plane that keeps the key of its authority.');
  });

  it('is felt on the node that it takes alone', async () => {
    const planned = await plan({ which: 'kubelet-serving', node: 'w2' });
    await expiredCertificate.inject(contextOf(cluster), planned);
    expect(cluster.changes()).to.deep.equal(['w2 /etc/kubernetes/pki/kubelet.crt is replaced']);
    expect(await expiredCertificate.proveActive(contextOf(cluster), planned)).to.match(
      /^the API server says of the kubelet of w2: .*certificate has expired$/,
    );
    const other = await plan({ which: 'kubelet-serving', node: 'w1' });
    const impatient = contextOf(cluster, 1, AbortSignal.timeout(300));
    expect(await refusal(expiredCertificate.proveActive(impatient, other))).to.match(/last seen: ok/);
  });

  it('is not gone while the file is not what it was', async () => {
    const planned = await plan();
    await expiredCertificate.inject(contextOf(cluster), planned);
    const impatient = contextOf(cluster, 1, AbortSignal.timeout(300));
    expect(await refusal(expiredCertificate.proveGone(impatient, planned))).to.match(/still kept beside it/);
  });
});
