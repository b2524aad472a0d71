import type { History } from '../../harness/model/history.ts';
import { type PodState, readNode, readPod } from '../../harness/model/objects.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { type Markup, markup } from './markup.ts';
import { zonesOf } from './nodes.ts';
import { describe, type Look, segments } from './segments.ts';
import { type Life, livesOf, merged, type Period } from './states.ts';
import { lane, ruler, type Timeline } from './time-axis.ts';

const mostPods = 60;

function look(pod: PodState): Look {
  if (pod.deletionTimestamp !== null) return { kind: 'ending', word: 'terminating' };
  if (pod.node === null) return { kind: 'waiting', word: 'pending' };
  if (pod.ready) return { kind: 'good', word: 'ready' };
  return { kind: pod.phase === 'Failed' ? 'bad' : 'waiting', word: pod.phase === 'Running' ? 'not ready' : pod.phase };
}

const looks = (life: Life<PodState>): Period<Look>[] =>
  merged(life.periods.map((period) => ({ ...period, value: look(period.value) })));

/** How many pods of a zone were ready, from each change to the next. */
function readyCounts(lives: readonly Life<PodState>[], span: Timeline): Period<Look>[] {
  const changes = lives
    .flatMap(({ periods }) => periods)
    .filter(({ value }) => value.ready && value.deletionTimestamp === null)
    .flatMap(({ startMs, endMs }) => [[startMs, 1] as const, [endMs, -1] as const])
    .sort(([left], [right]) => left - right);
  const counts: Period<Look>[] = [];
  let ready = 0;
  changes.forEach(([atMs, step], at) => {
    ready += step;
    const endMs = changes[at + 1]?.[0] ?? span.endMs;
    // Several changes at one instant are one change.
    if (endMs > atMs)
      counts.push({
        startMs: atMs,
        endMs,
        value: { kind: ready === 0 ? 'bad' : 'good', word: `${String(ready)} ready` },
      });
  });
  return merged(counts);
}

/** Colours a count below the one before the fault: capacity is missing. */
function compared(counts: readonly Period<Look>[], faultMs: number): Period<Look>[] {
  const usual = counts.findLast(({ startMs }) => startMs < faultMs);
  const amount = (look: Look): number => Number.parseInt(look.word, 10);
  return counts.map((period) => {
    const below = usual !== undefined && period.startMs >= faultMs && amount(period.value) < amount(usual.value);
    return below && period.value.kind === 'good' ? { ...period, value: { ...period.value, kind: 'waiting' } } : period;
  });
}

/** All pods count, also those that are too many to draw. */
function lanesOf(
  report: RunReport,
  lives: readonly Life<PodState>[],
  shown: ReadonlySet<Life<PodState>>,
  zones: ReadonlyMap<string, string>,
  span: Timeline,
): Markup[] {
  const nodeOf = (life: Life<PodState>): string | null => life.periods.at(-1)?.value.node ?? null;
  const zoneOf = (life: Life<PodState>): string => zones.get(nodeOf(life) ?? '') ?? 'no zone';
  const faultMs = Math.min(Infinity, ...report.faults.flatMap(({ injectedMs }) => injectedMs ?? []));
  const byZone = Map.groupBy(lives, zoneOf);
  return [...byZone]
    .sort(([left], [right]) => left.localeCompare(right, 'en'))
    .flatMap(([zone, pods]) => {
      const counts = compared(readyCounts(pods, span), faultMs);
      const total = lane(span, {
        name: `zone ${zone}`,
        described: describe(counts),
        body: segments(counts, span),
        kind: 'group',
      });
      const each = pods
        .filter((life) => shown.has(life))
        .map((life) => {
          const periods = looks(life);
          const note = `on ${nodeOf(life) ?? 'no node'}`;
          return lane(span, {
            name: life.name,
            note,
            described: describe(periods),
            body: segments(periods, span),
            kind: 'thin',
          });
        });
      return [total, ...each];
    });
}

/** The life of every pod, by zone, with the number that was ready. */
export function pods(report: RunReport, history: History, span: Timeline): Markup {
  const lives = livesOf(history, 'Pod', span.endMs, readPod);
  const zones = zonesOf(report, livesOf(history, 'Node', span.endMs, readNode));
  // The sort is stable: among equals the order of names stays.
  const shown = new Set(lives.toSorted((a, b) => looks(b).length - looks(a).length).slice(0, mostPods));
  const lanes = lanesOf(report, lives, shown, zones, span);
  const more =
    lives.length > shown.size
      ? markup`<p class="note">${lives.length - shown.size} quieter pods are counted but not drawn.</p>`
      : '';
  const none = markup`<p class="empty">No pod events were recorded.</p>`;
  return markup`<section id="pods"><h2>Pods</h2>${lanes.length === 0 ? none : markup`<div class="lanes">${lanes}${ruler(span)}</div>`}${more}</section>`;
}
