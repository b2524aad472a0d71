import { formatMs } from '../../harness/model/duration.ts';
import type { GapEvent, History } from '../../harness/model/history.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { count, formatAt, labelOf } from '../wording.ts';
import { type Markup, markup } from './markup.ts';
import { lane, place, ruler, type Timeline } from './time-axis.ts';

/** The live settings that explain the figures. */
export function settings(report: RunReport): Markup {
  const rows = report.settings.map(
    ({ name, value, source }) => markup`<tr><td>${name}</td><td><b>${value}</b></td><td>${source}</td></tr>`,
  );
  const table = markup`<div class="scroll" tabindex="0"><table><thead><tr><th>setting</th><th>value</th><th>read from</th></tr></thead><tbody>${rows}</tbody></table></div>`;
  const none = markup`<p class="empty">No live settings were read back.</p>`;
  return markup`<section id="settings"><h2>Live settings behind the figures</h2>${rows.length === 0 ? none : table}</section>`;
}

/** Whether everything is again as it was. */
export function fingerprint({ fingerprint: { compared, differences }, left }: RunReport): Markup {
  const items = [...differences, ...left].map((text) => markup`<li>! ${text}</li>`);
  const clean =
    compared.length === 0
      ? markup`<p class="empty">? Nothing was compared: whether all is as before is unknown.</p>`
      : markup`<p>✓ Equal before and after: ${compared.join(', ')}.</p>`;
  return markup`<section id="fingerprint"><h2>Clean return</h2>${items.length === 0 ? clean : markup`<ul class="differences">${items}</ul>`}</section>`;
}

/** What the harness itself did, and for how long. */
export function runPhases(report: RunReport, windows: Timeline['windows']): Markup {
  const span: Timeline = { startMs: 0, endMs: Math.max(report.durationMs, 1), windows };
  const lanes = report.phases.map(({ name, startMs, endMs, error }) => {
    const took = formatMs(endMs - startMs);
    const kind = error === undefined ? 'step' : 'bad';
    const body = markup`<span class="segment ${kind}" style="${place(startMs, endMs, span)}"></span>`;
    const described = `${formatAt(startMs)}, ${took}${error === undefined ? '' : `, failed: ${error}`}`;
    return lane(span, {
      name: name,
      note: error === undefined ? took : `✗ ${took}`,
      described,
      body,
      kind: 'thin',
    });
  });
  const errors = report.phases.flatMap(({ name, error }) =>
    error === undefined ? [] : [markup`<li><b>${name}</b>: ${error}</li>`],
  );
  const none = markup`<p class="empty">No phases were recorded.</p>`;
  return markup`<section id="phases"><h2>Phases of the run</h2>${errors.length === 0 ? '' : markup`<ul class="differences">${errors}</ul>`}${lanes.length === 0 ? none : markup`<div class="lanes">${lanes}${ruler(span)}</div>`}</section>`;
}

const mostEvidence = 20;

/** The first events that show each violation, as the history has them. */
export function evidence(report: RunReport): Markup {
  const blocks = report.guarantees.flatMap(({ spec, verdict }) => {
    if (verdict.status !== 'violated') return [];
    const lines = verdict.evidence.slice(0, mostEvidence).map((event) => JSON.stringify(event));
    const text = lines.length === 0 ? 'the judge names no events' : lines.join('\n');
    return [markup`<h3><code>${labelOf(spec)}</code></h3><pre tabindex="0">${text}</pre>`];
  });
  if (blocks.length === 0) return markup``;
  return markup`<section id="evidence"><h2>Evidence</h2>${blocks}</section>`;
}

const mostGaps = 100;

function gapsOf(probe: string, events: readonly GapEvent[]): Markup {
  const lengths = events.map(({ startMs, endMs }) => endMs - startMs);
  const total = lengths.reduce((sum, ms) => sum + ms, 0);
  const longest = Math.max(...lengths);
  const items = events
    .slice(0, mostGaps)
    .map(({ startMs, endMs, because }) => markup`<li>${formatAt(startMs)} to ${formatAt(endMs)}: ${because}</li>`);
  const more =
    events.length > mostGaps ? markup`<p class="note">${events.length - mostGaps} more in history.ndjson.</p>` : '';
  return markup`<details><summary><b>${probe}</b>: blind ${count(events.length, 'time')}, ${formatMs(total)} in all, ${formatMs(longest)} at most</summary><ul>${items}</ul>${more}</details>`;
}

/** The times in which a probe did not see. */
export function gaps(history: History): Markup {
  const events = history.filter((event): event is GapEvent => event.kind === 'gap');
  const groups = [...Map.groupBy(events, ({ probe }) => probe)].map(([probe, own]) => gapsOf(probe, own));
  return markup`<section id="gaps"><h2>What the probes did not see</h2>${groups.length === 0 ? markup`<p>No gap was recorded.</p>` : groups}</section>`;
}
