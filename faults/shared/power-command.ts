import { join } from 'node:path';

import { quoted } from './shell-words.ts';

const program = join(import.meta.dirname, '..', '..', 'harness', 'cli', 'main.ts');

/**
 * A shell script for the harness's machine that operates a node's switches: `cut` and `restore` its link, `off` and `on`
 * its power. It needs nothing of the process that wrote it but the same Node.js and the same checkout.
 */
export function powerCommand(
  cluster: string,
  node: string,
  actions: readonly ('cut' | 'restore' | 'off' | 'on')[],
): string {
  const shakedown = [process.execPath, program].map(quoted).join(' ');
  const lines = actions.map(
    (action) => `${shakedown} node power ${action} ${quoted(node)} --name ${quoted(cluster)} || failed=1\n`,
  );
  return `failed=0\n${lines.join('')}exit $failed\n`;
}
