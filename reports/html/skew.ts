import type { RunReport } from '../../harness/model/report.ts';
import { type Listed, listsOf, numberOf, textOf } from './details.ts';
import { type Markup, markup } from './markup.ts';
import { describe, type Look, segments } from './segments.ts';
import { merged, type Period } from './states.ts';
import { lane, ruler, type Timeline } from './time-axis.ts';

/** The skew from each change to the next; above the limit it is marked by word and pattern. */
function periodsOf({ rows, about }: Listed, span: Timeline): Period<Look>[] {
  const max = numberOf(about, 'maxSkew', 'limit');
  const points = rows.flatMap((row) => {
    const atMs = numberOf(row, 'atMs', 'startMs');
    return atMs === null ? [] : [{ atMs, skew: numberOf(row, 'skew'), row }];
  });
  return merged(
    points.map(({ atMs, skew }, at): Period<Look> => {
      const endMs = points[at + 1]?.atMs ?? span.endMs;
      if (skew === null) return { startMs: atMs, endMs, value: { kind: 'blind', word: '?' } };
      const over = max !== null && skew > max;
      return {
        startMs: atMs,
        endMs,
        value: { kind: over ? 'bad' : 'good', word: `skew ${String(skew)}${over ? ` > ${String(max)}` : ''}` },
      };
    }),
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
