import { formatMs } from '../../harness/model/duration.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { formatAt } from '../wording.ts';
import { type Fields, listsOf, numberOf, textOf } from './details.ts';
import { type Markup, markup } from './markup.ts';
import { outages } from './outages.ts';
import { lane, percent, place, ruler, type Timeline } from './time-axis.ts';

interface Step {
  readonly name: string;
  readonly atMs: number;
  readonly what: string;
}

function stepsOf(rows: readonly Fields[]): Step[] {
  return rows
    .flatMap((row) => {
      const atMs = numberOf(row, 'atMs', 'startMs');
      const name = textOf(row, 'name', 'phase');
      return atMs === null || name === null ? [] : [{ name, atMs, what: textOf(row, 'what') ?? '' }];
    })
    .sort((left, right) => left.atMs - right.atMs);
}

/** The text goes where there is room for it: into a wide bar, else behind it, else before it. */
function caption(text: string, fromMs: number, toMs: number, span: Timeline): Markup {
  const from = percent(fromMs, span);
  const to = percent(toMs, span);
  if (to - from > 25) return markup`<span class="step-text inside" style="left:${from}%">${text}</span>`;
  if (to < 60) return markup`<span class="step-text" style="left:${to}%">${text}</span>`;
  return markup`<span class="step-text before" style="right:${Math.round((100 - from) * 100) / 100}%">${text}</span>`;
}

/** Each step from the one before it: what the time was spent on. */
function steps(all: readonly Step[], windows: Timeline['windows']): Markup {
  const [first] = all;
  const last = all.at(-1);
  if (first === undefined || last === undefined) return markup``;
  const pad = Math.max(500, (last.atMs - first.atMs) * 0.03);
  const span: Timeline = { startMs: first.atMs - pad, endMs: last.atMs + pad, windows };
  const lanes = all.map((step, at) => {
    const before = all[at - 1]?.atMs ?? step.atMs;
    const took = at === 0 ? formatAt(step.atMs) : `+${formatMs(step.atMs - before)}`;
    const body = markup`<span class="segment step" style="${place(before, step.atMs, span)}"></span><i class="step-end" style="left:${percent(step.atMs, span)}%"></i>${caption(took, before, step.atMs, span)}`;
    const described = `${formatAt(step.atMs)}, ${formatMs(step.atMs - first.atMs)} after the first step: ${step.what}`;
    return lane(span, { name: step.name, note: step.what, described, body });
  });
  return markup`<div class="lanes">${lanes}${ruler(span)}</div>`;
}

/** What the recovery time was spent on, and every outage with its error bar. */
export function waterfall(report: RunReport, span: Timeline): Markup {
  // Several judges see the same incident: what they agree on is drawn once.
  const phases = new Map(
    listsOf(report, 'phases').map(({ rows }) => {
      const all = stepsOf(rows);
      return [JSON.stringify(all), all] as const;
    }),
  );
  const drawn = [...phases.values()].filter((all) => all.length > 0).map((all) => steps(all, span.windows));
  const noSteps = markup`<p class="empty">No judge recorded the steps of a recovery.</p>`;
  const found = outages(report, span);
  const noPaths = markup`<p class="empty">No judge measured outages.</p>`;
  return markup`<section id="recovery"><h2>What the recovery was made of</h2>${drawn.length === 0 ? noSteps : drawn}<h2>Outages of every path</h2>${found.length === 0 ? noPaths : found}</section>`;
}
