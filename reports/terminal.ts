import picocolors from 'picocolors';

import { formatMs } from '../harness/model/duration.ts';
import type { FaultRecord, JudgedGuarantee, RunReport } from '../harness/model/report.ts';
import type { Figure, Outcome } from '../harness/model/verdict.ts';
import { serviceTable } from './services.ts';
import { formatInterval, formatValue, isBeyond, labelOf, outcomes, printable, prominentFigures } from './wording.ts';

export interface TerminalOptions {
  readonly color: boolean;
  /** The columns of the terminal; lines are wrapped to it. Less than 48 counts as 48. */
  readonly width: number;
  /** Where the report was written; `runs/ID` when absent. */
  readonly directory?: string;
}

interface Item {
  readonly outcome: Outcome;
  readonly word: string;
  readonly name: string;
  /** What was found, beside the name where there is room. */
  readonly text: string;
  /** A sentence below it, or nothing. */
  readonly below: string;
}

type Paint = (text: string) => string;

/** Below this many columns, what was found stands under the name. */
const leastForColumns = 72;
const widestName = 36;

/** Words that fit into the width, every line after the first behind the indent. */
function wrap(text: string, width: number, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of printable(text).split(/\s+/).filter(Boolean)) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}

function against(figure: Figure): string {
  const { limit, unit } = figure;
  const measured = `${figure.name} ${formatInterval(figure)}`;
  if (limit === undefined) return measured;
  return isBeyond(figure)
    ? `${measured}, beyond ${formatValue(limit, unit)}`
    : `${measured} (limit ${formatValue(limit, unit)})`;
}

function promise({ spec, verdict }: JudgedGuarantee): Item {
  const outcome = verdict.status;
  const figures = prominentFigures(verdict.figures ?? [])
    .map(against)
    .join(', ');
  const text = outcome === 'unknown' ? verdict.because : figures || verdict.measured;
  const below = outcome === 'violated' ? verdict.because : '';
  return { outcome, word: outcomes[outcome].word, name: labelOf(spec), text, below };
}

function after(fault: FaultRecord, atMs: number | null): string {
  if (atMs === null || fault.injectedMs === null) return '';
  return ` +${formatMs(atMs - fault.injectedMs)}`;
}

function faultItem(fault: FaultRecord): Item {
  const { active, gone } = fault;
  const felt = active.proved ? `felt${after(fault, fault.feltMs)}` : `NOT FELT: ${active.evidence}`;
  const healed = fault.healedMs === null ? 'not healed' : `healed${after(fault, fault.healedMs)}`;
  const proved = gone.proved ? 'proved gone' : `NOT PROVED GONE: ${gone.evidence}`;
  const outcome = !gone.proved ? 'harness-error' : active.proved ? 'held' : 'unknown';
  const targets = fault.targets.join(', ') || 'no target';
  return { outcome, word: 'fault', name: fault.step, text: `on ${targets}: ${felt}, ${healed}, ${proved}`, below: '' };
}

/** Of each service of a business impact analysis what is known, without what is not. */
function services(report: RunReport): Item[] {
  const table = serviceTable(report);
  if (table === null) return [];
  return table.rows.map(({ outcome, cells }) => {
    const [name = '', tier = '', , ...facts] = cells;
    const known = facts.map((fact, at) => ({ fact, heading: table.headings[at + 3] ?? '' }));
    const text = known
      .filter(({ fact }) => fact !== '–')
      .map(({ fact, heading }) => `${heading} ${fact}`)
      .join(', ');
    return { outcome, word: 'service', name: `${name} (tier ${tier})`, text, below: '' };
  });
}

function remains({ fingerprint, left }: RunReport): string[] {
  return [
    ...fingerprint.differences.map((text) => `not as before: ${text}`),
    ...left.map((text) => `left behind: ${text}`),
  ];
}

/** The summary at the end of a run: the outcome, a line for each promise and fault, where to read on, how to replay. */
export function terminalVerdicts(report: RunReport, options: TerminalOptions): string {
  const { bold, dim, green, red, yellow, cyan, magenta } = picocolors.createColors(options.color);
  const paints: Record<Outcome, Paint> = {
    held: green,
    violated: red,
    unknown: yellow,
    skipped: cyan,
    'harness-error': magenta,
  };
  const width = Math.max(48, options.width);
  const items = [...services(report), ...report.guarantees.map(promise), ...report.faults.map(faultItem)];
  const names = Math.min(widestName, Math.max(0, ...items.map(({ name }) => name.length)));
  const words = Math.max(0, ...items.map(({ word }) => word.length));
  const column = width >= leastForColumns ? 4 + words + 2 + names + 2 : 4;

  const show = ({ outcome, word, name, text, below }: Item): string => {
    const head = `  ${paints[outcome](`${outcomes[outcome].mark} ${word.padEnd(words)}`)}  ${bold(printable(name).padEnd(names))}`;
    const found = wrap(text, width, column);
    // A name too long for its column pushes what was found to the next line.
    const beside = column > 4 && name.length <= names;
    const said = below === '' ? '' : `\n    ${dim(wrap(below, width, 4))}`;
    return `${beside ? `${head}  ` : `${head.trimEnd()}\n${' '.repeat(column)}`}${found}${said}`;
  };

  const { mark, word } = outcomes[report.outcome];
  const title = bold(paints[report.outcome](`${mark} ${word.toUpperCase()}`));
  const said = report.guarantees.some(
    ({ verdict }) => verdict.status === 'violated' && verdict.because === report.because,
  );
  // A path and a command are not wrapped: they are there to be copied.
  const field = (name: string, text: string): string => `  ${dim(name)}  ${printable(text)}`;
  return [
    `${title}  ${bold(printable(report.scenario.name))}  ${dim(`seed ${String(report.seed)}`)}`,
    ...(said ? [] : [`  ${wrap(report.because, width, 2)}`]),
    '',
    ...items.map(show),
    ...remains(report).map((text) => `  ${magenta(`! ${wrap(text, width, 4)}`)}`),
    '',
    field('report', `${options.directory ?? `runs/${report.id}`}/report.html`),
    field('replay', report.replay),
    '',
  ].join('\n');
}
