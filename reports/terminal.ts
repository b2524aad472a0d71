import picocolors from 'picocolors';

import type { FaultRecord, JudgedGuarantee, RunReport } from '../harness/model/report.ts';
import type { Figure, Outcome } from '../harness/model/verdict.ts';
import { formatAt, formatInterval, formatValue, labelOf, outcomes, printable } from './wording.ts';

export interface TerminalOptions {
  readonly color: boolean;
  /** The columns of the terminal; lines are wrapped to it. Less than 40 counts as 40. */
  readonly width: number;
  /** Where the report was written; `runs/ID` when absent. */
  readonly directory?: string;
}

type Paint = (text: string) => string;

/** Words that fit into the width, each further line under the first one's text. */
function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${indent}`);
}

function against(figure: Figure): string {
  const limit = figure.limit === undefined ? '' : ` (limit ${formatValue(figure.limit, figure.unit)})`;
  return `${figure.name} ${formatInterval(figure)}${limit}`;
}

/** The figures that were promised, else the sentence of the judge. */
function measuredLine({ verdict }: JudgedGuarantee): string {
  if (verdict.status === 'unknown') return verdict.because;
  const promised = verdict.figures.filter((figure) => figure.limit !== undefined);
  return promised.length === 0 ? verdict.measured : promised.map(against).join(', ');
}

function faultLine(fault: FaultRecord): string {
  const felt = fault.active.proved ? `felt ${formatAt(fault.feltMs)}` : `NOT FELT: ${fault.active.evidence}`;
  const gone = fault.gone.proved ? `proved gone ${formatAt(fault.goneMs)}` : `NOT PROVED GONE: ${fault.gone.evidence}`;
  const healed = fault.healedMs === null ? 'not healed' : `healed ${formatAt(fault.healedMs)}`;
  return `${fault.step} on ${fault.targets.join(', ') || 'nothing'}: ${felt}, ${healed}, ${gone}`;
}

/** The summary at the end of a run: the outcome, a line for each promise and fault, where to read on, how to replay. */
export function terminalVerdicts(report: RunReport, options: TerminalOptions): string {
  const colors = picocolors.createColors(options.color);
  const paints: Record<Outcome, Paint> = {
    held: colors.green,
    violated: colors.red,
    unknown: colors.yellow,
    skipped: colors.cyan,
    'harness-error': colors.magenta,
  };
  const width = Math.max(40, options.width);
  const item = (outcome: Outcome, head: string, text: string): string => {
    const { mark } = outcomes[outcome];
    const body = wrap(printable(text), width, '    ');
    return `  ${paints[outcome](mark)} ${colors.bold(wrap(printable(head), width, '    '))}\n    ${body}`;
  };
  const field = (name: string, text: string): string =>
    // Not wrapped: a path and a command are there to be copied.
    `${colors.dim(name.padEnd(8))} ${printable(text)}`;

  const { mark, word } = outcomes[report.outcome];
  const title = colors.bold(paints[report.outcome](`${mark} ${word.toUpperCase()}`));
  const promises = report.guarantees.map((judged) => {
    const status = judged.verdict.status;
    return item(
      status,
      `${outcomes[status].word} ${labelOf(judged.spec)}`,
      `${judged.promise} · ${measuredLine(judged)}`,
    );
  });
  const faults = report.faults.map((fault) =>
    item(fault.active.proved && fault.gone.proved ? 'held' : 'unknown', `fault ${fault.fault}`, faultLine(fault)),
  );
  const differences = report.fingerprint.differences.map((text) => item('harness-error', 'not as before', text));
  const left = report.left.map((text) => item('harness-error', 'left behind', text));
  return [
    `${title} ${printable(report.scenario.name)} ${colors.dim(`(seed ${String(report.seed)})`)}`,
    wrap(printable(report.because), width, ''),
    '',
    ...promises,
    ...faults,
    ...differences,
    ...left,
    '',
    field('report', `${options.directory ?? `runs/${report.id}`}/report.html`),
    field('replay', report.replay),
    '',
  ].join('\n');
}
