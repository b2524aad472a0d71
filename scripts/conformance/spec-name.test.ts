import { expect } from 'chai';

import { specName } from './spec-name.ts';

describe('conformance: spec name', () => {
  const name = '[sig-storage] EmptyDir volumes should support (root,0644,tmpfs) [LinuxOnly] [Conformance]';
  const labels = ' [sig-storage, NodeConformance, Conformance]';

  it('leaves the labels away', () => {
    expect(specName(name + labels)).to.equal(name);
    expect(specName(name)).to.equal(name);
  });

  it('is the same for a spec that failed, wherever it did', () => {
    expect(specName(name.replace('should', '[It] should') + labels)).to.equal(name);
    expect(specName(name.replace('volumes', 'volumes [BeforeEach]') + labels)).to.equal(name);
    expect(specName(name.replace('volumes', 'volumes [DeferCleanup (Each)]') + labels)).to.equal(name);
    expect(specName(`TOP-LEVEL [AfterEach] ${name}${labels}`)).to.equal(name);
  });
});
