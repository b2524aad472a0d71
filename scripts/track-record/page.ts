import { markdownTable } from 'markdown-table';

import type { RunReport } from '../../harness/model/report.ts';
import { firstSentence } from './sentence.ts';

/** One stored run of a sabotage suite. */
export interface Found {
  readonly report: RunReport;
  readonly spec: string;
}

const intro = `# Track record: what was planted, and which sentence found it

A harness that never says "violated" is worth as much as one that was never run. The suites in \`suites/sabotage\` plant
violations that must be found, and blindness that must be called unknown. This page is generated from their stored runs:
\`npm run track-record -- --write\`.
`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function violations({ report, spec }: Found): readonly (readonly string[])[] {
  return report.guarantees.flatMap(({ spec: { guarantee }, verdict }) =>
    verdict.status === 'violated' ? [[report.scenario.summary, guarantee, finding(verdict.because), replay(spec)]] : [],
  );
}

function blindnesses({ report, spec }: Found): readonly (readonly string[])[] {
  return report.guarantees.flatMap(({ spec: { guarantee }, verdict }) =>
    verdict.status === 'unknown'
      ? [[report.scenario.name, guarantee, firstSentence(verdict.because), replay(spec)]]
      : [],
  );
}

/** A run of many injectors that do nothing has a row for each: each must be noticed by itself. */
function unfelt({ report }: Found): readonly (readonly string[])[] {
  if (report.outcome !== 'unknown') return [];
  return report.faults.flatMap(({ fault, active, injectedMs }) =>
    active.proved || injectedMs === null ? [] : [[`\`${fault}\``, firstSentence(active.evidence)]],
  );
}

/** The promise is named in the row: of the sentence, the label and what was measured. */
const finding = (because: string): string =>
  firstSentence(because.replace(/^(violated \S+\(.*?\)) - .*?; measured: /, '$1: '));

const replay = (spec: string): string => `\`npx mocha --timeout 10m ${spec}\``;

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  return `\n## ${title}\n\n${markdownTable([head, ...rows].map((row) => row.map(cell)))}\n`;
}

/** The whole page. */
export function page(found: readonly Found[]): string {
  const of = (rows: (one: Found) => readonly (readonly string[])[]): readonly (readonly string[])[] =>
    found.flatMap(rows);
  const runs = found.map(({ report: { id, scenario, outcome, commit, startedAt } }) => [
    scenario.name,
    outcome,
    `\`${id}\``,
    commit,
    startedAt,
  ]);
  return [
    intro,
    section('Planted violations', ['planted', 'found by', 'its sentence', 'again'], of(violations)),
    section('Planted blindness', ['planted', 'judge', 'why it cannot know', 'again'], of(blindnesses)),
    section('Injectors that say they worked and do nothing', ['fault', 'what its victim said'], of(unfelt)),
    section('The runs', ['scenario', 'outcome', 'run', 'commit', 'started'], runs),
  ].join('');
}
