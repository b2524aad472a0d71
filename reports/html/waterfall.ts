import { formatMs } from '../../harness/model/duration.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { formatAt } from '../wording.ts';
import { detailTable } from './detail-table.ts';
import { type Fields, listsOf, numberOf, textOf } from './details.ts';
import { type Markup, markup } from './markup.ts';
import { lane, place, ruler, type Span } from './time-axis.ts';

interface Step {
  readonly name: string;
  readonly atMs: number;
}

function stepsOf(rows: readonly Fields[]): Step[] {
  return rows
    .flatMap((row) => {
      const atMs = numberOf(row, 'atMs', 'startMs');
      const name = textOf(row, 'name', 'phase');
      return atMs === null || name === null ? [] : [{ name, atMs }];
    })
    .sort((left, right) => left.atMs - right.atMs);
}

/** Each step from the one before it: what the time was spent on. */
function steps(report: RunReport, all: readonly Step[]): Markup {
  const [first] = all;
  const last = all.at(-1);
  if (first === undefined || last === undefined) return markup``;
  const pad = Math.max(500, (last.atMs - first.atMs) * 0.04);
  const span: Span = { startMs: first.atMs - pad, endMs: last.atMs + pad };
  const lanes = all.map((step, at) => {
    const before = all[at - 1]?.atMs ?? step.atMs;
    const took = at === 0 ? formatAt(step.atMs) : `+${formatMs(step.atMs - before)}`;
    const end = place(step.atMs, step.atMs, span);
    const after = step.atMs > (span.startMs + span.endMs) / 2 ? 'before' : 'after';
    const body = markup`<span class="segment step" style="${place(before, step.atMs, span)}"></span><span class="step-end" style="${end}"></span><span class="step-text ${after}" style="${after === 'after' ? end : place(span.startMs, before, span)}">${took}</span>`;
    const described = `${formatAt(step.atMs)}, ${formatMs(step.atMs - first.atMs)} after ${first.name}`;
    return lane(report, span, { name: step.name, described, body, kind: 'thin' });
  });
  return markup`<div class="lanes">${lanes}${ruler(span)}</div>`;
}

/** What the recovery time was spent on, and every outage with its error bar. */
export function waterfall(report: RunReport): Markup {
  const phases = listsOf(report, 'phases').map(({ guarantee, rows }) => ({ guarantee, all: stepsOf(rows) }));
  const drawn = phases
    .filter(({ all }) => all.length > 0)
    .map(({ guarantee, all }) => markup`<h3><code>${guarantee}</code></h3>${steps(report, all)}`);
  const outages = listsOf(report, 'outages').map(({ guarantee, rows }) => detailTable(`Outages of ${guarantee}`, rows));
  const none = markup`<p class="empty">No judge recorded the phases of a recovery.</p>`;
  return markup`<section id="recovery"><h2>What the recovery was made of</h2>${drawn.length === 0 ? none : drawn}${outages}</section>`;
}
