import { expect } from 'chai';

import { countGoTests, goFolders } from './go-tests.ts';

const output = `=== RUN   TestGate
    --- PASS: TestGate/open (0.00s)
--- PASS: TestGate (0.01s)
=== RUN   TestServe
--- FAIL: TestServe (0.00s)
--- PASS: TestLast (0.00s)
FAIL
`;

describe('the tests of Go programs', () => {
  it('are found where there are any', () => {
    expect(goFolders()).to.include.members(['faults/node/criproxy', 'workloads/web/server']);
  });

  it('are counted without their parts', () => {
    expect(countGoTests({ ok: false, output })).to.deep.equal({ passed: 2, failed: 1, skipped: [] });
  });

  it('fail when they do not build', () => {
    expect(countGoTests({ ok: false, output: './gate.go:3:1: syntax error' })).to.include({ passed: 0, failed: 1 });
  });
});
