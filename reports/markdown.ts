import { markdownTable } from 'markdown-table';

import { formatMs } from '../harness/model/duration.ts';
import type { Reporter, RunReport } from '../harness/model/report.ts';
import { serviceTable } from './services.ts';
import { count, findingOf, formatAt, outcomes, printable } from './wording.ts';
import { writeReport } from './write.ts';

/** GitHub refuses a step summary above 1 MiB and many summaries share a page: one run takes at most this. */
const limitBytes = 60_000;
const longestCell = 600;

/** Inert in GitHub's Markdown: no markup, no links, no mentions, no table cell of its own. */
function cell(text: string): string {
  const line = printable(text).replace(/\s+/g, ' ').trim();
  const short = line.length > longestCell ? `${line.slice(0, longestCell)}…` : line;
  return short
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]#|~]/g, '\\$&')
    .replace(/@(?=\w)/g, '@\u200B')
    .replace(/:\/\//g, ':\u200B//');
}

/** A block of text that GitHub gives a copy button; the fence is longer than any run of backticks inside. */
function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}sh\n${printable(text)}\n${ticks}`;
}

/** GitHub wants an empty line around Markdown inside of HTML. */
function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

function verdictTable({ guarantees, scenario }: RunReport): string {
  if (guarantees.length === 0)
    return `No promise was judged; the scenario makes ${String(scenario.guarantees.length)}.`;
  const rows = guarantees.map((judged) => {
    const { mark, word } = outcomes[judged.verdict.status];
    return [cell(judged.promise), `${mark} ${word}`, cell(findingOf(judged))];
  });
  return markdownTable([['promise', 'verdict', 'measured'], ...rows], { alignDelimiters: false, padding: true });
}

function services(report: RunReport): string {
  const table = serviceTable(report);
  if (table === null) return '';
  const rows = table.rows.map(({ cells }) => cells.map(cell));
  return markdownTable([[...table.headings], ...rows], { alignDelimiters: false });
}

function faultTable({ faults }: RunReport): string {
  if (faults.length === 0) return 'No fault was injected.';
  const rows = faults.map((fault) => [
    cell(fault.step),
    cell(fault.targets.join(', ')),
    fault.active.proved ? formatAt(fault.feltMs) : `? not felt: ${cell(fault.active.evidence)}`,
    formatAt(fault.healedMs),
    fault.gone.proved ? formatAt(fault.goneMs) : `! not proved: ${cell(fault.gone.evidence)}`,
  ]);
  return markdownTable([['fault', 'targets', 'felt', 'healed', 'gone'], ...rows], { alignDelimiters: false });
}

function becauses({ guarantees }: RunReport): string {
  return guarantees
    .flatMap(({ verdict }) => (verdict.status === 'violated' ? [`- ${cell(verdict.because)}`] : []))
    .join('\n');
}

function remains({ fingerprint, left }: RunReport): string {
  const lines = [
    ...fingerprint.differences.map((text) => `not as before: ${text}`),
    ...left.map((text) => `left: ${text}`),
  ];
  return lines.map((line) => `- ! ${cell(line)}`).join('\n');
}

function settings(report: RunReport): string {
  if (report.settings.length === 0) return '';
  const rows = report.settings.map(({ name, value, source }) => [cell(name), cell(value), cell(source)]);
  const table = markdownTable([['setting', 'value', 'read from'], ...rows], { alignDelimiters: false });
  return details(`Live settings (${String(report.settings.length)})`, table);
}

function phases(report: RunReport): string {
  if (report.phases.length === 0) return '';
  const rows = report.phases.map(({ name, startMs, endMs, error }) => [
    cell(name),
    formatAt(startMs),
    formatMs(endMs - startMs),
    cell(error ?? ''),
  ]);
  return details(
    'Phases of the run',
    markdownTable([['phase', 'start', 'took', 'error'], ...rows], { alignDelimiters: false }),
  );
}

/** The text of summary.md. */
export function formatMarkdown(report: RunReport): string {
  const { mark, word } = outcomes[report.outcome];
  const needed = [
    `## ${mark} ${word}: ${cell(report.scenario.name)}`,
    cell(report.because),
    services(report),
    verdictTable(report),
    becauses(report),
    faultTable(report),
    remains(report),
    `Seed ${String(report.seed)}, run ${cell(report.id)}, commit ${cell(report.commit)}. Replay:\n\n${fence(report.replay)}`,
  ].filter(Boolean);
  const optional = [settings(report), phases(report)].filter(Boolean);
  let text = needed.join('\n\n');
  let dropped = 0;
  for (const section of optional) {
    if (Buffer.byteLength(`${text}\n\n${section}`) < limitBytes - 200) text += `\n\n${section}`;
    else dropped += 1;
  }
  if (dropped > 0) text += `\n\n${count(dropped, 'section')} too long for this page: see report.html.`;
  return `${clip(text)}\n`;
}

/** A run with hundreds of promises still gets a page that says where the rest is. */
function clip(text: string): string {
  if (Buffer.byteLength(text) < limitBytes) return text;
  const lines: string[] = [];
  let bytes = 0;
  for (const line of text.split('\n')) {
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > limitBytes - 200) break;
    lines.push(line);
  }
  return [...lines, '', 'The rest is too long for this page: see report.html.'].join('\n');
}

/** summary.md, for the step summary of a CI job. */
export const markdown: Reporter = {
  name: 'markdown',
  write: async (report, _history, directory) => [await writeReport(directory, 'summary.md', formatMarkdown(report))],
};
