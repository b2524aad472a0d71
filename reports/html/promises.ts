import type { JudgedGuarantee, RunReport } from '../../harness/model/report.ts';
import type { Figure } from '../../harness/model/verdict.ts';
import { formatInterval, formatValue, isBeyond, labelOf, prominentFigures } from '../wording.ts';
import { badge } from './header.ts';
import { Markup, markup } from './markup.ts';

/** A bar from 0 with the interval that holds the truth and the limit that was promised. */
function bar(figure: Figure, limit: number): Markup | string {
  const { lower } = figure;
  // In a stored run an infinite bound is null, whatever the type says.
  const upper = Number.isFinite(figure.upper) ? figure.upper : Infinity;
  const top = Math.max(Number.isFinite(upper) ? upper : lower, limit) * 1.15;
  if (top <= 0) return '';
  const at = (value: number): number => Math.round((Math.min(value, top) / top) * 1_000) / 10;
  const over = isBeyond(figure) ? ' over' : '';
  const end = at(limit) > 60 ? ' end' : '';
  return markup`<div class="interval" aria-hidden="true"><i class="fill${over}" style="width:${at(lower)}%"></i><i class="error" style="left:${at(lower)}%;width:${Math.max(0, at(upper) - at(lower))}%"></i><i class="limit" style="left:${at(limit)}%"></i><span class="limit-name${end}" style="left:${at(limit)}%">limit ${formatValue(limit, figure.unit)}</span></div>`;
}

function promised(figure: Figure): Markup {
  const limit = figure.limit ?? 0;
  const drawn = bar(figure, limit);
  const said = markup`<small${drawn === '' ? '' : new Markup(' class="unseen"')}> limit ${formatValue(limit, figure.unit)}</small>`;
  return markup`<div class="figure"><span class="figure-name">${figure.name}</span> <b>${formatInterval(figure)}</b>${said}${drawn}</div>`;
}

function limitOf({ limit, unit }: Figure): Markup | string {
  return limit === undefined ? '' : markup` <small>limit ${formatValue(limit, unit)}</small>`;
}

function beside(figures: readonly Figure[]): Markup | string {
  if (figures.length === 0) return '';
  const items = figures.map(
    (figure) => markup`<div><dt>${figure.name}</dt><dd>${formatInterval(figure)}${limitOf(figure)}</dd></div>`,
  );
  return markup`<dl class="beside">${items}</dl>`;
}

/** The judge's own sentences, shortened to what the card does not say already. */
function sentences({ promise, verdict }: JudgedGuarantee): Markup {
  const because = verdict.status === 'held' ? '' : verdict.because;
  const repeats = because.includes(promise) && because.includes(verdict.measured ?? promise);
  const why = because === '' || repeats ? '' : markup`<p class="why">${because}</p>`;
  const measured = verdict.measured === undefined ? '' : markup`<p class="measured">${verdict.measured}</p>`;
  return markup`${why}${measured}`;
}

function card(judged: JudgedGuarantee): Markup {
  const { verdict } = judged;
  const figures = verdict.figures ?? [];
  const prominent = prominentFigures(figures);
  const others = figures.filter((figure) => !prominent.includes(figure));
  return markup`<article class="card promise ${verdict.status}">
<div class="said">${badge(verdict.status)} <code class="label">${labelOf(judged.spec)}</code><h3>${judged.promise}</h3></div>
<div class="shown">${prominent.map(promised)}</div>
<div class="told">${sentences(judged)}${beside(others)}</div></article>`;
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
  return markup`<section id="promises"><h2>Promised and measured</h2><div class="promises">${cards}</div></section>`;
}
