import { expect } from 'chai';

import { entriesOf } from '../../harness/toolchain/images/layer.ts';
import { testImages } from './images.ts';

const programs = {
  e2e: '/c/e2e.test',
  ginkgo: '/c/ginkgo',
  sampleApiserver: '/c/sample',
  nonewprivs: '/c/nnp',
  testImages: '/m',
};
const toolchain = { agnhost: '/c/agnhost', etcd: '/c/etcd', etcdctl: '/c/etcdctl', pause: '/c/pause' };
const images = testImages({
  programs,
  toolchain,
  shell: { symlinks: [{ to: '/bin/sh', target: 'bash' }] },
  tools: { files: [{ from: '/c/nc', to: '/bin/nc' }] },
});
const named = (part: string): (typeof images)[number] => {
  const found = images.find(({ name }) => name.includes(part));
  if (found === undefined) throw new Error(`no image ${part}`);
  return found;
};

describe('conformance: test images', () => {
  it('names each image once, as the tests do', () => {
    expect(new Set(images.map(({ name }) => name)).size).to.equal(images.length);
    for (const { name } of images) expect(name).to.match(/^registry\.k8s\.io\/(e2e-test-images\/)?[a-z-]+:[\w.-]+$/);
  });

  it('has layers that can be written', () => {
    for (const { layers } of images) for (const layer of layers) expect(entriesOf(layer)).not.to.be.empty;
  });

  it('keeps what single tests depend on', () => {
    expect(named('nonroot').user).to.equal('1234');
    const modes = named('nonewprivs')
      .layers.flatMap((layer) => layer.files ?? [])
      .map(({ mode }) => mode);
    expect(modes).to.deep.equal([0o6755]);
    const pages = named('httpd')
      .layers.flatMap((layer) => layer.inline ?? [])
      .map(({ to }) => to);
    expect(pages).to.include('/usr/local/apache2/htdocs/index.html');
  });
});
