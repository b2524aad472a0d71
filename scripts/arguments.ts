import { parseArgs } from 'node:util';

import { HarnessError, messageOf } from '../harness/model/errors.ts';

/**
 * What `npm test -- --only suites/chaos --only check` selects; everything when nothing is said.
 * @throws HarnessError `bad-input` for an unknown option
 */
export function selection(argv: readonly string[]): (name: string) => boolean {
  const wanted = onlyOf(argv).map((path) => path.replace(/^\.\//, '').replace(/\/+$/, ''));
  return (name) => wanted.length === 0 || wanted.some((each) => name === each || name.startsWith(`${each}/`));
}

function onlyOf(argv: readonly string[]): readonly string[] {
  try {
    return parseArgs({ args: [...argv], options: { only: { type: 'string', multiple: true } } }).values.only ?? [];
  } catch (error) {
    const [sentence = ''] = messageOf(error).split('. ');
    throw new HarnessError('bad-input', `npm test: ${sentence}`, { hint: 'npm test -- --only suites/chaos' });
  }
}
