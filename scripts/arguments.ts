import { parseArgs } from 'node:util';

/**
 * What `npm test -- --only suites/chaos --only check` selects; everything when nothing is said.
 * @throws TypeError for an unknown option
 */
export function selection(argv: readonly string[]): (name: string) => boolean {
  const { values } = parseArgs({ args: [...argv], options: { only: { type: 'string', multiple: true } } });
  const wanted = (values.only ?? []).map((path) => path.replace(/^\.\//, '').replace(/\/+$/, ''));
  return (name) => wanted.length === 0 || wanted.some((each) => name === each || name.startsWith(`${each}/`));
}
