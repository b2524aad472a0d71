import type { JudgedGuarantee, RunReport } from '../../harness/model/report.ts';
import type { Figure } from '../../harness/model/verdict.ts';
import { formatInterval, formatValue, labelOf } from '../wording.ts';
import { badge } from './header.ts';
import { type Markup, markup } from './markup.ts';

/** A bar from 0 with the interval that holds the truth and the limit that was promised. */
function bar(figure: Figure): Markup | string {
  const { lower, limit } = figure;
  const bounded = Number.isFinite(figure.upper) && figure.upper !== null;
  const known = bounded ? figure.upper : lower;
  const top = Math.max(known, limit ?? 0) * 1.2;
  if (top <= 0) return '';
  const at = (value: number): number => Math.round((Math.min(value, top) / top) * 1_000) / 10;
  const right = bounded ? at(known) : 100;
  const mark =
    limit === undefined
      ? ''
      : markup`<i class="limit" style="left:${at(limit)}%"></i><span class="limit-name${at(limit) > 60 ? ' end' : ''}" style="left:${at(limit)}%">limit ${formatValue(limit, figure.unit)}</span>`;
  const over = limit !== undefined && lower > limit ? ' over' : '';
  return markup`<div class="interval" aria-hidden="true"><i class="fill${over}" style="width:${at(lower)}%"></i><i class="error" style="left:${at(lower)}%;width:${Math.max(0, right - at(lower))}%"></i>${mark}</div>`;
}

function figureOf(figure: Figure): Markup {
  const limit =
    figure.limit === undefined ? '' : markup`<small> limit ${formatValue(figure.limit, figure.unit)}</small>`;
  return markup`<div class="figure"><span class="figure-name">${figure.name}</span> <b>${formatInterval(figure)}</b>${limit}${bar(figure)}</div>`;
}

function card(judged: JudgedGuarantee): Markup {
  const { verdict } = judged;
  const figures = [...(verdict.figures ?? [])].sort(
    (left, right) => Number(left.limit === undefined) - Number(right.limit === undefined),
  );
  const shown = figures.slice(0, 2).map(figureOf);
  const more =
    figures.length <= 2
      ? ''
      : markup`<details><summary>${figures.length - 2} more figures</summary>${figures.slice(2).map(figureOf)}</details>`;
  const because = verdict.status === 'held' ? '' : markup`<p class="why">${verdict.because}</p>`;
  const measured = verdict.measured === undefined ? '' : markup`<p class="measured">${verdict.measured}</p>`;
  return markup`<article class="card ${verdict.status}">${badge(verdict.status)}<h3>${judged.promise}</h3>${shown}${more}${because}${measured}<code class="label">${labelOf(judged.spec)}</code></article>`;
}

/** What was promised and what was measured, the worst first. */
export function promises(report: RunReport): Markup {
  if (report.guarantees.length === 0) {
    const promised = report.scenario.guarantees.map((spec) => markup`<li><code>${labelOf(spec)}</code></li>`);
    return markup`<section id="promises"><h2>Promises</h2><p class="empty">No promise was judged. The scenario makes these:</p><ul>${promised}</ul></section>`;
  }
  const rank = { violated: 0, unknown: 1, held: 2 } as const;
  const cards = [...report.guarantees]
    .sort((left, right) => rank[left.verdict.status] - rank[right.verdict.status])
    .map(card);
  return markup`<section id="promises"><h2>Promised and measured</h2><div class="cards">${cards}</div></section>`;
}
