import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'chai';

import { fits } from './program.ts';
import { allProgramNames, specOf, type ProgramName } from './programs.ts';
import { goModules, modulesFolder, type GoModule } from './sources/go-modules.ts';

/** What the programs really print. */
const outputs: Readonly<Partial<Record<ProgramName, readonly [output: string, version: string]>>> = {
  etcd: ['etcd Version: 3.6.8\nGit SHA: Not provided\nGo Version: go1.26.8\n', '3.6.8'],
  etcdctl: ['etcdctl version: 3.6.8\nAPI version: 3.6\n', '3.6.8'],
  etcdutl: ['etcdutl version: 3.6.8\nAPI version: 3.6\n', '3.6.8'],
  kubelet: ['Kubernetes v1.34.4\n', '1.34.4'],
  kubectl: ['Client Version: v1.34.4\nKustomize Version: v5.7.1\n', '1.34.4'],
  agnhost: ['app version 2.56\n', '2.56'],
  k6: ['k6 v1.8.1 (go1.26.8, linux/amd64)\n', '1.8.1'],
  coredns: ['CoreDNS-1.15.0\nlinux/amd64, go1.26.8, \n', '1.15.0'],
  containerd: ['containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u3\n', '1.6.20~ds1'],
  ctr: ['ctr github.com/containerd/containerd v2.0.1\n', '2.0.1'],
  'containerd-shim-runc-v2': [
    'containerd-shim-runc-v2:\n  Version:  1.6.20~ds1\n  Go version: go1.19.8\n',
    '1.6.20~ds1',
  ],
  runc: ['runc version 1.1.5+ds1\ncommit: 1.1.5+ds1-1+deb12u1\n', '1.1.5+ds1'],
  'cni-plugins': ['CNI bridge plugin version unknown\nCNI protocol versions supported: 0.1.0, 0.4.0, 1.0.0\n', '1.0.0'],
  haproxy: ['HAProxy version 2.6.12-1+deb12u4 2026/10/17 - https://haproxy.org/\n', '2.6.12-1+deb12u4'],
  conntrack: ['conntrack v1.4.7 (conntrack-tools)\n', '1.4.7'],
  nft: ['nftables v1.0.6 (Lester Gooch #5)\n', '1.0.6'],
  iptables: ['iptables v1.8.9 (nf_tables)\n', '1.8.9'],
  ip: ['ip utility, iproute2-6.1.0, libbpf 1.1.2\n', '6.1.0'],
  tc: ['tc utility, iproute2-6.1.0, libbpf 1.1.2\n', '6.1.0'],
  unshare: ['unshare from util-linux 2.38.1\n', '2.38.1'],
};

describe('the table of programs', () => {
  for (const [name, [output, version]] of Object.entries(outputs)) {
    it(`reads the version of ${name}`, () => {
      const { versionPattern, wanted } = specOf(name as ProgramName);
      const found = versionPattern.exec(output)?.[1];
      expect(found).to.equal(version);
      expect(fits(wanted, version)).to.equal(true);
    });
  }

  it('recognises the programs of runit by their usage, also with the path they were started by', () => {
    expect(specOf('runsv').versionPattern.test('usage: runsv dir\n')).to.equal(true);
    expect(specOf('runsv').versionPattern.test('usage: /usr/bin/runsv dir\n')).to.equal(true);
    expect(specOf('runsv').versionPattern.test('usage: runsvdir [-P] dir\n')).to.equal(false);
  });

  it('does not take another program for kubectl', () => {
    expect(specOf('kubectl').versionPattern.test('Kubernetes v1.34.4\n')).to.equal(false);
  });

  it('names a way to get every program', () => {
    const without = allProgramNames.filter((name) => !specOf(name).module && !specOf(name).debian);
    expect(without).to.deep.equal([]);
  });

  it('names a checksum file for every release', () => {
    for (const name of allProgramNames) {
      const { release } = specOf(name);
      if (release) expect(release.checksums, name).to.match(/sha256|SHA256SUMS|checksums\.txt/);
    }
  });

  for (const [folder, module] of Object.entries<GoModule>(goModules)) {
    it(`pins in modules/${folder} what the table wants`, async () => {
      const text = await readFile(join(modulesFolder, folder, 'go.mod'), 'utf8');
      const { pinned } = module;
      if (pinned)
        expect(text.split('\n').map((line) => line.trim().replace(/^require | \/\/ indirect$/g, ''))).to.include(
          `${pinned.path} ${pinned.version}`,
        );
      else expect(text).not.to.include('require');
    });
  }
});
