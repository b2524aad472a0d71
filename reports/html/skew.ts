import type { RunReport } from '../../harness/model/report.ts';
import { type Fields, type Listed, listsOf, numberOf, textOf } from './details.ts';
import { type Markup, markup } from './markup.ts';
import { describe, type Look, segments } from './segments.ts';
import { merged, type Period } from './states.ts';
import { lane, ruler, type Timeline } from './time-axis.ts';

/** How many pods each domain holds, and how many of the wanted ones are ready: `skew 1: 2/1/2, 5 of 6 ready`. */
function wordOf(row: Fields, skew: number, max: number | null): string {
  const domains = row['domains'];
  const held =
    typeof domains === 'object' && domains !== null ? `: ${Object.values(domains).map(String).join('/')}` : '';
  const [ready, wanted] = [numberOf(row, 'ready'), numberOf(row, 'wanted')];
  const readiness = ready === null || wanted === null ? '' : `, ${String(ready)} of ${String(wanted)} ready`;
  return `skew ${String(skew)}${max !== null && skew > max ? ` > ${String(max)}` : ''}${held}${readiness}`;
}

function lookOf(row: Fields, max: number | null): Look {
  const skew = numberOf(row, 'skew');
  if (skew === null) return { kind: 'blind', word: '?' };
  const short = (numberOf(row, 'ready') ?? 0) < (numberOf(row, 'wanted') ?? 0);
  const kind = max !== null && skew > max ? 'bad' : short ? 'waiting' : 'good';
  return { kind, word: wordOf(row, skew, max) };
}

/** The spread from each change to the next. */
function periodsOf({ rows, about }: Listed, span: Timeline): Period<Look>[] {
  const max = numberOf(about, 'maxSkew', 'limit');
  const points = rows.flatMap((row) => {
    const atMs = numberOf(row, 'atMs', 'startMs');
    return atMs === null ? [] : [{ atMs, value: lookOf(row, max) }];
  });
  return merged(
    points.map(({ atMs, value }, at) => ({ startMs: atMs, endMs: points[at + 1]?.atMs ?? span.endMs, value })),
  );
}

function nameOf({ about }: Listed): string {
  const parts = [
    textOf(about, 'workload', 'owner', 'object', 'name'),
    textOf(about, 'topologyKey', 'constraint', 'key'),
  ];
  return parts.filter((part) => part !== null).join(' by ') || 'skew';
}

/** How evenly the pods were spread, from each change to the next. */
export function skew(report: RunReport, span: Timeline): Markup {
  const lanes = listsOf(report, 'timeline', 'skew', 'skews')
    .filter(({ rows }) => rows.some((row) => 'skew' in row))
    .map((listed) => {
      const periods = periodsOf(listed, span);
      const max = numberOf(listed.about, 'maxSkew', 'limit');
      const note = max === null ? listed.guarantee : `maxSkew ${String(max)}`;
      return lane(span, {
        name: nameOf(listed),
        note,
        described: describe(periods),
        body: segments(periods, span),
      });
    });
  const none = markup`<p class="empty">No judge recorded a skew timeline.</p>`;
  return markup`<section id="skew"><h2>Topology spread</h2>${lanes.length === 0 ? none : markup`<div class="lanes">${lanes}${ruler(span)}</div>`}</section>`;
}
