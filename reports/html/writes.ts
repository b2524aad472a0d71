import type { History, OpEvent } from '../../harness/model/history.ts';
import { formatMs } from '../../harness/model/duration.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { formatAt } from '../wording.ts';
import { detailTable } from './detail-table.ts';
import { listsOf } from './details.ts';
import { type Markup, markup } from './markup.ts';

interface Pause {
  readonly startMs: number;
  readonly endMs: number;
}

/** The longest time between two accepted operations, which is no shorter than any outage between them. */
function longestPause(accepted: readonly OpEvent[]): Pause | null {
  let longest: Pause | null = null;
  accepted.forEach((event, at) => {
    const next = accepted[at + 1];
    if (next === undefined) return;
    if (longest === null || next.endMs - event.endMs > longest.endMs - longest.startMs) {
      longest = { startMs: event.endMs, endMs: next.endMs };
    }
  });
  return longest;
}

function row(target: string, action: string, events: readonly OpEvent[]): Markup {
  const accepted = events.filter(({ outcome }) => outcome === 'ok').sort((a, b) => a.endMs - b.endMs);
  const amount = (outcome: OpEvent['outcome']): number => events.filter((event) => event.outcome === outcome).length;
  const pause = longestPause(accepted);
  const slowest = accepted.reduce((most, { startMs, endMs }) => Math.max(most, endMs - startMs), 0);
  const cells = [
    target,
    action,
    String(accepted.length),
    String(amount('failed')),
    String(amount('unknown')),
    accepted.length === 0 ? '–' : formatMs(slowest),
    pause === null ? '–' : `${formatMs(pause.endMs - pause.startMs)} from ${formatAt(pause.startMs)}`,
  ];
  const bad = accepted.length < events.length ? 'bad' : '';
  return markup`<tr class="${bad}">${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`;
}

const findings = ['lost', 'stale', 'resurrected', 'unexpected', 'duplicated'];

/** What a judge of durability found wrong, record by record. */
function durability(report: RunReport): Markup[] {
  return listsOf(report, ...findings).map(({ guarantee, key, rows }) => detailTable(`${guarantee}: ${key}`, rows));
}

/** The operations on data, by the way they took. */
export function writes(report: RunReport, history: History): Markup {
  const ops = history.filter((event): event is OpEvent => event.kind === 'op');
  const groups = Map.groupBy(ops, ({ target, action }) => JSON.stringify([target, action]));
  const rows = [...groups.values()].map((events) => row(events[0]?.target ?? '', events[0]?.action ?? '', events));
  const heads = [
    'through',
    'action',
    'accepted',
    'failed',
    'fate unknown',
    'slowest',
    'longest pause between two accepted',
  ];
  const table = markup`<div class="scroll" tabindex="0"><table><caption>Operations</caption><thead><tr>${heads.map((head) => markup`<th>${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
  const none = markup`<p class="empty">No operations on data were recorded.</p>`;
  return markup`<section id="writes"><h2>Writes to the API and to data services</h2>${rows.length === 0 ? none : table}${durability(report)}</section>`;
}
