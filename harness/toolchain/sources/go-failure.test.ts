import { expect } from 'chai';

import { goFailure } from './go-failure.ts';

describe('goFailure', () => {
  for (const [output, code, sentence] of [
    ['write /root/.cache/go-build/x: no space left on device', 'disk-full', 'The disk is full: k6 could not be built'],
    [
      'go: go.k6.io/k6@v1.8.1: dial tcp: lookup proxy.example: no such host',
      'toolchain',
      'The Go modules for k6 could not be fetched',
    ],
    [
      'verifying go.k6.io/k6@v1.8.1: checksum mismatch\nSECURITY ERROR',
      'toolchain',
      'A Go module for k6 has another checksum than the one pinned in go.sum; nothing was built',
    ],
    [
      'go: go.mod requires go >= 1.26.0 (running go 1.24.0; GOTOOLCHAIN=local)',
      'toolchain',
      'Go is too old to build k6 and could not fetch a newer one',
    ],
    [
      'k8s.io/kubernetes/pkg/apis: /usr/lib/go/compile: signal: killed',
      'toolchain',
      'A compiler was killed while building k6, most likely for want of memory',
    ],
    ['main.go:3:1: syntax error', 'toolchain', 'k6 could not be built'],
  ] as const) {
    it(`says '${sentence}'`, () => {
      const error = goFailure(output, 'k6');
      expect(error.code).to.equal(code);
      expect(error.message).to.equal(`${sentence}; go says: ${output.replace('\n', ' / ')}`);
      expect(error.hint).to.not.equal(undefined);
    });
  }
});
