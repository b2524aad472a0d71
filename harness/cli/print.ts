import { stripVTControlCharacters } from 'node:util';

/** Writes a result for machines: JSON, indented, one document. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function printLines(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

/** Rows as aligned columns; the last column is wrapped under itself to the terminal's width. */
export function columns(rows: readonly (readonly string[])[], width: number, indent = '  '): readonly string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: Math.max(0, count - 1) }, (_, column) =>
    Math.max(...rows.map((row) => lengthOf(row[column] ?? ''))),
  );
  const hang = indent.length + widths.reduce((sum, each) => sum + each + 2, 0);
  return rows.flatMap((row) => {
    const head = widths.map((each, column) => padded(row[column] ?? '', each)).join('  ');
    const [first = '', ...rest] = wrapped(row[count - 1] ?? '', Math.max(20, width - hang));
    const start = widths.length === 0 ? `${indent}${first}` : `${indent}${head}  ${first}`;
    return [start.trimEnd(), ...rest.map((line) => ' '.repeat(hang) + line)];
  });
}

/** The columns of standard output; 100 where it is no terminal. */
export const outputWidth = (): number => process.stdout.columns || 100;

const lengthOf = (text: string): number => stripVTControlCharacters(text).length;
const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - lengthOf(text)));

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && lengthOf(line) + 1 + lengthOf(word) > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
