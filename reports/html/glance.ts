import type { History, OpEvent } from '../../harness/model/history.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { count, formatAt } from '../wording.ts';
import { alertLanes } from './alerts.ts';
import { type Markup, markup } from './markup.ts';
import type { Load, Series } from './series.ts';
import { strip, type Tally } from './strip.ts';
import { lane, place, ruler, type Timeline } from './time-axis.ts';

function describe(series: Series): string {
  const all = series.ok + series.failed;
  if (series.failed === 0) return `all ${String(all)} requests answered`;
  const reasons = [...series.errors].map(([reason, times]) => `${reason} ${String(times)}`).join(', ');
  return `${String(series.failed)} of ${String(all)} requests failed between ${formatAt(series.firstFailureMs)} and ${formatAt(series.lastFailureMs)} (${reasons})`;
}

function loadLanes(load: Load, span: Timeline): Markup[] {
  return load.series.map((series) =>
    lane(span, {
      name: series.path,
      note: `${series.mode} connections`,
      described: describe(series),
      body: markup`${strip(series.buckets, load.span, span)}<span class="tally${series.failed > 0 ? ' bad' : ''}" aria-hidden="true">${series.failed > 0 ? `✗ ${String(series.failed)} failed` : '✓'}</span>`,
    }),
  );
}

/** The operations of one target in the same buckets as the load; a write of unknown fate counts as not accepted. */
function tallies(events: readonly OpEvent[], covered: Timeline, bucketMs: number): Tally[] {
  const amount = Math.max(1, Math.ceil((covered.endMs - covered.startMs) / bucketMs));
  const buckets = Array.from({ length: amount }, () => ({ ok: 0, failed: 0 }));
  for (const event of events) {
    const bucket = buckets[Math.floor((event.startMs - covered.startMs) / bucketMs)];
    if (bucket === undefined) continue;
    if (event.outcome === 'ok') bucket.ok += 1;
    else bucket.failed += 1;
  }
  return buckets;
}

function opLanes(history: History, span: Timeline, bucketMs: number): Markup[] {
  const targets = Map.groupBy(
    history.filter((event): event is OpEvent => event.kind === 'op'),
    ({ target }) => target,
  );
  return [...targets].map(([target, events]) => {
    const bad = events.filter(({ outcome }) => outcome !== 'ok').length;
    const described = `${String(bad)} of ${String(events.length)} operations failed or of unknown fate`;
    const tally = bad === 0 ? '✓' : `✗ ${String(bad)} not accepted`;
    const body = markup`${strip(tallies(events, span, bucketMs), span, span)}<span class="tally${bad > 0 ? ' bad' : ''}" aria-hidden="true">${tally}</span>`;
    return lane(span, { name: target, note: 'writes and reads', described, body });
  });
}

function faultLane(report: RunReport, span: Timeline): Markup[] {
  return report.faults.map((fault) => {
    const within = span.windows.find(({ step }) => step === fault.step);
    const felt = fault.feltMs === null ? 'not felt' : `felt ${formatAt(fault.feltMs)}`;
    const described = `${felt}, healed ${formatAt(fault.healedMs)}`;
    const body =
      within === undefined
        ? markup`<span class="segment none" style="left:0;width:100%">not injected</span>`
        : markup`<span class="segment window" style="${place(within.startMs, within.endMs, span)}">${described}</span>`;
    return lane(span, { name: fault.fault, note: `on ${fault.targets.join(', ')}`, described, body });
  });
}

function gapLanes(history: History, span: Timeline): Markup[] {
  const gaps = Map.groupBy(
    history.filter((event) => event.kind === 'gap'),
    ({ probe }) => probe,
  );
  return [...gaps].map(([probe, events]) => {
    const boxes = events
      .slice(0, 200)
      .map(
        ({ startMs, endMs, because }) =>
          markup`<span class="segment blind" style="${place(startMs, endMs, span)}" title="${because}">?</span>`,
      );
    const described = `blind ${count(events.length, 'time')}: ${events[0]?.because ?? ''}`;
    return lane(span, { name: probe, note: 'did not see', described, body: markup`${boxes}` });
  });
}

/** The control target never touches the cluster: where it fails, the harness stalled, and so may have the other paths. */
function caution(load: Load | null): Markup | string {
  const failed = (load?.series ?? [])
    .filter(({ path }) => path === 'control')
    .reduce((sum, one) => sum + one.failed, 0);
  if (failed === 0) return '';
  return markup`<p class="caution">? ${count(failed, 'request')} to the control target failed, which never touches the cluster: at those times the harness itself stalled.</p>`;
}

/** The whole run on one page width: the fault, then every path and every target of writes, all on one clock. */
export function glance(report: RunReport, history: History, load: Load | null, span: Timeline): Markup {
  const nothing =
    load === null ? markup`<p class="empty">No requests were recorded: nothing can be said of availability.</p>` : '';
  const lanes = [
    ...faultLane(report, span),
    ...(load === null ? [] : loadLanes(load, span)),
    ...opLanes(history, span, load?.bucketMs ?? 1_000),
    ...alertLanes(history, span),
    ...gapLanes(history, span),
  ];
  return markup`<section id="glance"><h2>The run at a glance</h2>${nothing}${caution(load)}<div class="lanes">${lanes}${lanes.length === 0 ? '' : ruler(span)}</div>
<p class="note"><span class="key shade-key"></span> fault present <span class="key felt-key"></span> felt by its victim <span class="key ok-key"></span> all answered <span class="key bad-key"></span> something failed: the taller, the more</p></section>`;
}
