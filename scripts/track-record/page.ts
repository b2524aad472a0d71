import { markdownTable } from 'markdown-table';

import { sentenceOf, type Evidence } from './evidence.ts';
import { firstSentence } from './sentence.ts';

const intro = `# Track record: what was planted, and which sentence found it

A harness that never says "violated" is worth as much as one that was never run. The suites in \`suites/sabotage\` plant, for
every guarantee of the catalogue, a violation that must be found and a blindness that must be called unknown; \`npm run proofs\`
demands both. This page is generated from their stored runs: \`npm run track-record -- --write\`. Every row is shown
again by \`npm test suites/sabotage/SUITE.ts\`.
`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const suiteOf = ({ plant }: Evidence): string => `\`${plant.spec.replace(/^.*\/(.*)\.ts$/, '$1')}\``;

type Row = readonly string[];

function findings(outcome: 'violated' | 'unknown', evidence: Evidence, word: (because: string) => string): Row[] {
  const { plant, report } = evidence;
  if (plant.planted.outcome !== outcome) return [];
  return plant.planted.findings.flatMap((finding, index) => {
    const sentence = sentenceOf(outcome, finding, report, index);
    if (sentence === null) return [];
    return [[finding.promise.guarantee, finding.plant, word(sentence), suiteOf(evidence)]];
  });
}

/** Of a run of many injectors that do nothing, each of which must be noticed by itself: what the victims said, and whose. */
function unfelt({ plant, report }: Evidence): string {
  if (plant.planted.findings.length > 0) return '';
  const silent = report.faults.filter(({ active, injectedMs }) => !active.proved && injectedMs !== null);
  const said = Map.groupBy(silent, ({ active }) => firstSentence(active.evidence));
  const lines = [...said].map(
    ([sentence, faults]) => `- ${sentence}: ${faults.map(({ fault }) => `\`${fault}\``).join(', ')}\n`,
  );
  if (lines.length === 0) return '';
  return `\n## Injectors that say they worked and do nothing\n\nWhat the victims of ${String(silent.length)} faults said of them:\n\n${lines.join('')}`;
}

/** The promise is named in the row: of the sentence, the label and what was measured. */
const finding = (because: string): string =>
  firstSentence(because.replace(/^violated (\S+\(.*?\)|\S+) - .*?; measured: /, '$1: '));

function section(title: string, head: Row, rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  return `\n## ${title}\n\n${markdownTable([head, ...rows].map((row) => row.map(cell)))}\n`;
}

/**
 * The whole page.
 * @param order the names of the guarantees, in the order of their rows
 */
export function page(evidence: readonly Evidence[], order: readonly string[]): string {
  const rank = (row: Row): number => order.indexOf(row[0] ?? '');
  const of = (rows: (one: Evidence) => Row[]): readonly Row[] =>
    evidence.flatMap(rows).toSorted((a, b) => rank(a) - rank(b));
  const runs = evidence.map(({ report: { id, scenario, outcome, commit } }) => [
    scenario.name,
    outcome,
    `\`${id}\``,
    commit,
  ]);
  return [
    intro,
    section(
      'Planted violations',
      ['guarantee', 'planted', 'what was found', 'suite'],
      of((one) => findings('violated', one, finding)),
    ),
    section(
      'Planted blindness',
      ['guarantee', 'planted', 'why it cannot be known', 'suite'],
      of((one) => findings('unknown', one, firstSentence)),
    ),
    ...evidence.map(unfelt),
    section('The runs', ['scenario', 'outcome', 'run', 'commit'], runs),
  ].join('');
}
