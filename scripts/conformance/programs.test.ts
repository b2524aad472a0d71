import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { pins } from '../../harness/toolchain/index.ts';
import { moduleFolder } from './programs.ts';

describe('conformance: module', () => {
  it('pins the Kubernetes that the toolchain runs', () => {
    const text = readFileSync(join(moduleFolder, 'go.mod'), 'utf8');
    expect(/^require k8s\.io\/kubernetes v(\S+)/m.exec(text)?.[1]).to.equal(pins.kubernetes);
  });
});
