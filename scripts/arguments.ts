import { parseArgs } from 'node:util';

import { HarnessError, messageOf } from '../harness/model/errors.ts';

/** What takes minutes for one answer: the nightly workflow runs it, and so does who asks for it by name. */
const onlyByName: readonly string[] = ['suites/game-day', 'suites/upgrade'];

const isIn = (name: string, path: string): boolean => name === path || name.startsWith(`${path}/`);

/**
 * What `npm test -- --only suites/chaos --only check` selects; when nothing is said, everything but the game days.
 * @throws HarnessError `bad-input` for an unknown option
 */
export function selection(argv: readonly string[]): (name: string) => boolean {
  const wanted = onlyOf(argv).map((path) => path.replace(/^\.\//, '').replace(/\/+$/, ''));
  return (name) =>
    wanted.length === 0 ? !onlyByName.some((path) => isIn(name, path)) : wanted.some((path) => isIn(name, path));
}

function onlyOf(argv: readonly string[]): readonly string[] {
  try {
    return parseArgs({ args: [...argv], options: { only: { type: 'string', multiple: true } } }).values.only ?? [];
  } catch (error) {
    const [sentence = ''] = messageOf(error).split('. ');
    throw new HarnessError('bad-input', `npm test: ${sentence}`, { hint: 'npm test -- --only suites/chaos' });
  }
}
