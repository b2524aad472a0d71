import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { markdownTable } from 'markdown-table';

import { catalogue } from '../harness/cli/catalogue.ts';
import { root } from '../harness/util/paths.ts';

// Compares the tables of README.md with the catalogue; with --write, brings them up to date.
const readme = join(root, 'README.md');
const tables = {
  faults: table(
    ['fault', 'what it does', 'needs'],
    catalogue.faults.map(({ name, summary, needs }) => [`\`${name}\``, summary, needs.join(', ')]),
  ),
  guarantees: table(
    ['guarantee', 'what it judges'],
    catalogue.guarantees.map(({ name, summary }) => [`\`${name}\``, summary]),
  ),
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return markdownTable([head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|'))));
}

/** The text with what stands between `<!-- NAME -->` and `<!-- /NAME -->` replaced. */
function withTable(text: string, name: string, content: string): string {
  const between = new RegExp(`(<!-- ${name} -->\\n)[^]*?(<!-- /${name} -->)`);
  if (!between.test(text)) throw new Error(`README.md: expected the markers <!-- ${name} --> and <!-- /${name} -->`);
  return text.replace(between, (_, start: string, end: string) => `${start}${content}\n${end}`);
}

const before = readFileSync(readme, 'utf8');
const after = Object.entries(tables).reduce((text, [name, content]) => withTable(text, name, content), before);
if (process.argv.includes('--write')) {
  writeFileSync(readme, after);
} else if (before !== after) {
  console.error('README.md: its tables are not those of the catalogue. Next: npm run readme-tables -- --write');
  process.exitCode = 1;
}
