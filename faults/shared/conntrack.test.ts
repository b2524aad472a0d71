import { expect } from 'chai';

import { hostShell } from '../../harness/util/exec.ts';
import { drainScript, fillScript } from './conntrack.ts';

/** A process that looks like an orphaned fill, and the drain beside it, in a pid namespace as a node has it. */
const orphanThenDrain = `
mount -t proc proc /proc
bash -c 'printf conntrack > /proc/self/comm; while :; do read -r -t 1 _ <> <(:) || :; done' conntrack -R /dev/stdin &
orphan=$!
sleep 0.3
${drainScript}
kill -0 $orphan 2>/dev/null && echo alive || echo ended
`;
/** A heal that meets the leash: each exits with its own code. */
const drainedTwice = `
mount -t proc proc /proc
${fillScript(20_000)}
conntrack -C
(${drainScript}) & (${drainScript}) & wait -n; echo $?; wait -n; echo $?
conntrack -C
`;
const namespaces = ['unshare', '--user', '--map-root-user', '--net', '--mount', '--pid', '--fork', '--kill-child'];

describe('draining the table', () => {
  it('ends a fill that outlived the harness, which would go on behind it', async () => {
    const argv = [...namespaces, 'bash', '-c', orphanThenDrain];
    const { stdout } = await hostShell.exec(argv, { timeoutMs: 15_000, allowFailure: true });
    expect(stdout.trim()).to.equal('ended');
  });

  it('succeeds when the leash and a heal do it at the same time', async () => {
    const argv = [...namespaces, 'bash', '-c', drainedTwice];
    const { stdout } = await hostShell.exec(argv, { timeoutMs: 30_000, allowFailure: true });
    const [filled, ...rest] = stdout.trim().split('\n').map(Number);
    expect(filled).to.be.at.least(20_000);
    expect(rest, 'exit codes, and the entries that are left').to.deep.equal([0, 0, 0]);
  });
});
