import { expect } from 'chai';

import { namesIn } from './ginkgo.ts';

const rule = '------------------------------';

describe('conformance: ginkgo', () => {
  it('reads the names of a dry run, each once, and no other block', () => {
    const output = [
      'Will run 2 of 7144 specs',
      `${rule}\n[SynchronizedBeforeSuite] \n/src/e2e.go:77`,
      `${rule}\n[sig-node] Pods should b [Conformance]\n/src/pods.go:1\n• [0.000 seconds]`,
      `${rule}\n[sig-apps] A should a [Serial] [Conformance]\n/src/a.go:1\n• [0.000 seconds]`,
      `${rule}\n[sig-node] Pods should b [Conformance]\n/src/pods.go:1`,
    ].join('\n');
    expect(namesIn(output)).to.deep.equal([
      '[sig-apps] A should a [Serial] [Conformance]',
      '[sig-node] Pods should b [Conformance]',
    ]);
  });
});
