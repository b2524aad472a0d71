import { expect } from 'chai';

import { hostShell } from '../../harness/util/exec.ts';
import { drainScript } from './conntrack.ts';

/** A process that looks like an orphaned fill, and the drain beside it, in a pid namespace as a node has it. */
const orphanThenDrain = `
mount -t proc proc /proc
bash -c 'printf conntrack > /proc/self/comm; while :; do read -r -t 1 _ <> <(:) || :; done' conntrack -R /dev/stdin &
orphan=$!
sleep 0.3
${drainScript}
kill -0 $orphan 2>/dev/null && echo alive || echo ended
`;
const namespaces = ['unshare', '--user', '--map-root-user', '--net', '--mount', '--pid', '--fork', '--kill-child'];

describe('draining the table', () => {
  it('ends a fill that outlived the harness, which would go on behind it', async () => {
    const argv = [...namespaces, 'bash', '-c', orphanThenDrain];
    const { stdout } = await hostShell.exec(argv, { timeoutMs: 15_000, allowFailure: true });
    expect(stdout.trim()).to.equal('ended');
  });
});
