import { formatMs } from '../../harness/model/duration.ts';
import type { Json } from '../../harness/model/json.ts';
import { formatAt } from '../wording.ts';
import type { Fields } from './details.ts';
import { type Markup, markup } from './markup.ts';

const mostRows = 200;

/** Fields whose name ends in Ms are times; which of them are instants rather than lengths, only their name says. */
const instants = /^at$|at(?=Ms$)|start|end|first|last|recovered|sustained|clean/i;

function show(key: string, value: Json | undefined): string {
  if (value === undefined || value === null) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return JSON.stringify(value);
  if (key.endsWith('Ms')) return instants.test(key) ? formatAt(value) : formatMs(value);
  return String(value);
}

/** `healthyBefore` as a heading: `healthy before`. */
function heading(key: string): string {
  return key
    .replace(/Ms$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
}

/** Rows of a judge as a table with a column for each field that any row has. */
export function detailTable(caption: string, rows: readonly Fields[], leaveOut: readonly string[] = []): Markup {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((key) => !leaveOut.includes(key));
  const heads = keys.map((key) => markup`<th>${heading(key)}</th>`);
  const body = rows
    .slice(0, mostRows)
    .map((row) => markup`<tr>${keys.map((key) => markup`<td>${show(key, row[key])}</td>`)}</tr>`);
  const more =
    rows.length > mostRows ? markup`<p class="note">${rows.length - mostRows} more rows are in run.json.</p>` : '';
  return markup`<div class="scroll" tabindex="0"><table><caption>${caption}</caption><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div>${more}`;
}
