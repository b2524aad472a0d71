import { expect } from 'chai';

import { librariesIn, linkedIn, missingIn } from './linked.ts';

describe('the libraries of linked programs', () => {
  it('finds the packages that hold libraries among all that a package needs', () => {
    const output =
      'curl\n  Depends: libc6\n  PreDepends: <virtual>\nlibc6\nzlib1g\nlibjs-jquery\nperl-base\n<libfoo>\nlibc6\nbind9-libs\n';
    expect(librariesIn(output)).to.deep.equal(['bind9-libs', 'libc6', 'zlib1g']);
  });

  it('finds the libraries that the loader names, not the loader nor the kernel', () => {
    const output =
      '\tlinux-vdso.so.1 (0x00007ffc)\n\tlibz.so.1 => /cache/zlib1g/lib/libz.so.1 (0x00007f01)\n\t/lib64/ld-linux-x86-64.so.2 => /cache/libc6/ld.so (0x00007f02)\n';
    expect([...linkedIn(output)]).to.deep.equal([['libz.so.1', '/cache/zlib1g/lib/libz.so.1']]);
  });

  it('finds the libraries that the loader does not find', () => {
    expect(missingIn('\tlibfoo.so.1 => not found\n\tlibz.so.1 => /cache/libz.so.1 (0x00007f01)\n')).to.deep.equal([
      'libfoo.so.1',
    ]);
  });
});
