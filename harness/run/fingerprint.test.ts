import { platform } from 'node:os';

import { expect } from 'chai';

import type { Shell } from '../model/cluster.ts';
import { exec } from '../util/exec.ts';
import { fingerprint } from './fingerprint.ts';

/** This machine in the place of a node. */
const here: Pick<Shell, 'exec'> = { exec: (argv, options) => exec(argv, options) };

describe('the script of the fingerprint', () => {
  it('reads the sysctls whole, the mounts and the links of a real machine', async function () {
    if (platform() !== 'linux') this.skip();
    const cluster = { facts: { nodes: [{ name: 'here' }] }, node: () => here };
    const lines = (await fingerprint(cluster, AbortSignal.timeout(20_000))).get('here') ?? [];
    expect(lines.filter((line) => /^sysctl\tkernel\/pid_max \d{3,}$/.test(line))).to.have.length(1);
    expect(lines.some((line) => /^mount\t\/ \S+$/.test(line))).to.equal(true);
    expect(lines.some((line) => /^link\tlo mtu \d+ UNKNOWN$/.test(line))).to.equal(true);
  });
});
