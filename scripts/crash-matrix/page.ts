import { markdownTable } from 'markdown-table';

import { formatMs } from '../../harness/model/duration.ts';
import type { Fault } from '../../harness/model/fault.ts';
import { crashSteps } from './crash.ts';
import type { Entry } from './ledger.ts';
import { isQuick } from './trials.ts';

/** Trials of each quick fault that are wanted. */
export const wanted = 200;

const intro = `# Crash matrix: the runner is killed, and nothing is left

\`npm run crash-matrix\` kills the runner (SIGKILL) at every step of every fault; then the leash alone, or \`heal\`, must bring
everything back: the fingerprint of every node, the taints, cordons, conditions and workloads of the API, no folder of a leash,
no process of the injection. [benchmarks.md](benchmarks.md) says how. This page is generated from the batches of
\`crash-matrix.ndjson\`, to which each \`npm run crash-matrix -- --record\` adds.
`;

const legend = `
Under each step are the runners that were killed there. *Seen broken* counts the trials in which something was different right
after the death, at its targets: there the undoing was put to the test. *Together* is how many runners at most died of one kill:
each stood still at its own step, and none of them acted on a node or pod that another one's plan spoke of. *Since residue* counts
the trials of the batches after the last one in which something was left.
`;

const sum = (entries: readonly Entry[], of: (entry: Entry) => number): number =>
  entries.reduce((total, entry) => total + of(entry), 0);
const trialsIn = ({ trials }: Entry): number => Object.values(trials).reduce((total, count) => total + count, 0);

/** The whole page. The entries are in the order in which they were made. */
export function page(entries: readonly Entry[], faults: readonly Pick<Fault, 'name' | 'minimumHoldMs'>[]): string {
  const tried = faults.filter(({ name }) => entries.some(({ fault }) => fault === name));
  const rows = tried.map(({ name }) => rowOf(entries.filter(({ fault }) => fault === name)));
  const head = ['fault', ...crashSteps, 'trials', 'by leash', 'by heal', 'seen broken', 'residue', 'since residue'];
  const align = ['l', ...Array.from({ length: head.length + 1 }, () => 'r')];
  const table = markdownTable([[...head, 'leash after', 'as before after'], ...rows], { align });
  const missing = faults.filter((fault) => isQuick(fault) && !tried.includes(fault)).map(({ name }) => `\`${name}\``);
  const never = missing.length === 0 ? '' : `Not tried yet: ${missing.join(', ')}.\n`;
  return `${intro}\n${totals(entries, tried.length)}\n${never}${legend}\n${table}\n${residues(entries)}\n${batches(entries)}`;
}

function rowOf(entries: readonly Entry[]): readonly string[] {
  const leashes = entries.flatMap(({ slowestLeashMs }) => slowestLeashMs ?? []);
  const clean = entries.slice(entries.findLastIndex(({ residue }) => residue > 0) + 1);
  return [
    `\`${entries[0]?.fault ?? ''}\``,
    ...crashSteps.map((step) => String(sum(entries, ({ trials }) => trials[step] ?? 0))),
    String(sum(entries, trialsIn)),
    String(sum(entries, ({ byLeash }) => byLeash)),
    String(sum(entries, ({ byHeal }) => byHeal)),
    String(sum(entries, ({ broken }) => broken)),
    String(sum(entries, ({ residue }) => residue)),
    String(sum(clean, trialsIn)),
    leashes.length === 0 ? '-' : formatMs(Math.max(...leashes)),
    formatMs(Math.max(...entries.map(({ slowestBackMs }) => slowestBackMs))),
  ];
}

function totals(entries: readonly Entry[], faults: number): string {
  const of = (count: (entry: Entry) => number): string => String(sum(entries, count));
  return (
    `**${of(trialsIn)} runners were killed over ${String(faults)} faults: ${of(({ byLeash }) => byLeash)} undone by the leash alone, ` +
    `${of(({ byHeal }) => byHeal)} by \`heal\`, the others had nothing to undo; residue in ${of(({ residue }) => residue)}.** ` +
    `Wanted are ${String(wanted)} of each quick fault.`
  );
}

function residues(entries: readonly Entry[]): string {
  const left = entries.flatMap(({ at, commit, fault, left: lines }) =>
    lines.map((line) => `- \`${fault}\` (${at}, ${commit}) ${line}\n`),
  );
  return left.length === 0 ? '' : `\n## What was left\n\n${left.join('')}`;
}

function batches(entries: readonly Entry[]): string {
  const rows = [...Map.groupBy(entries, ({ at }) => at)].map(([at, of]) => [
    at,
    of[0]?.commit ?? '',
    of[0]?.config ?? '',
    String(of[0]?.together ?? 1),
    String(of.length),
    String(sum(of, trialsIn)),
    (of[0]?.load ?? 0).toFixed(1),
  ]);
  const head = ['begun', 'commit', 'cluster', 'together', 'faults', 'trials', 'load average'];
  return `## Batches\n\n${markdownTable([head, ...rows], { align: ['l', 'l', 'l', 'r', 'r', 'r', 'r'] })}\n`;
}
