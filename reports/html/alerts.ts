import { alertTitle, readAlert } from '../../harness/model/alert.ts';
import type { History } from '../../harness/model/history.ts';
import { formatAt } from '../wording.ts';
import { type Markup, markup } from './markup.ts';
import { livesOf } from './states.ts';
import { lane, place, type Timeline } from './time-axis.ts';

const mostLanes = 20;

/** When each alert fired that did not fire from the beginning on, where alerts were watched. */
export function alertLanes(history: History, span: Timeline): Markup[] {
  const lives = livesOf(history, 'Alert', span.endMs, readAlert).filter(
    ({ periods: [first] }) => first?.value.lastLookMs !== null,
  );
  return lives.slice(0, mostLanes).map(({ name, periods }) => {
    const fired = periods.map(({ startMs, endMs }) => `${formatAt(startMs)} to ${formatAt(endMs)}`).join(', ');
    const title = alertTitle(periods[0]?.value.labels ?? {});
    const body = periods.map(
      ({ startMs, endMs }) =>
        markup`<span class="segment bad" style="${place(startMs, endMs, span)}" title="${title}">${name}</span>`,
    );
    return lane(span, { name, note: title, described: `fired ${fired}`, body: markup`${body}` });
  });
}
