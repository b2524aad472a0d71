import { parseArgs } from 'node:util';

import { HarnessError, messageOf } from '../harness/model/errors.ts';

/** What takes minutes for one answer: the nightly workflow runs it, and so does who asks for it by name. */
const onlyByName: readonly string[] = ['suites/game-day', 'suites/upgrade'];

const isIn = (name: string, path: string): boolean => name === path || name.startsWith(`${path}/`);

export const help = `Usage: npm test [what ...]

The checks, then every suite, most of them on clusters that are booted for it (Linux, root). The last line is
'N passed, N failed'; what could not run is told, and is not counted as passed.

  check                  lint, types, format, unit and self tests: what needs no cluster
  suites/FOLDER          the suites of a folder
  suites/FOLDER/FILE.ts  one of them

By default everything but ${onlyByName.join(' and ')}, which take minutes for one answer.

Examples:
  npm test check suites/chaos
  npm test suites/game-day/pleg-stall.ts
`;

/** What the command line of `npm test` asks for: help, or which checks and specs by name. @throws HarnessError `bad-input` for an unknown option */
export function argumentsOf(argv: readonly string[]): {
  readonly help: boolean;
  readonly wants: (name: string) => boolean;
} {
  const { help: asked, paths } = parsed(argv);
  const wanted = paths.map((path) => path.replace(/^\.\//, '').replace(/\/+$/, ''));
  return {
    help: asked,
    wants: (name) =>
      wanted.length === 0 ? !onlyByName.some((path) => isIn(name, path)) : wanted.some((path) => isIn(name, path)),
  };
}

function parsed(argv: readonly string[]): { readonly help: boolean; readonly paths: readonly string[] } {
  try {
    const options = { help: { type: 'boolean', short: 'h' } } as const;
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    return { help: values.help ?? false, paths: positionals };
  } catch (error) {
    const [sentence = ''] = messageOf(error).split('. ');
    throw new HarnessError('bad-input', `npm test: ${sentence}`, { hint: 'npm test -- --help' });
  }
}
