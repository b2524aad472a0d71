import { formatAt } from '../wording.ts';
import { type Markup, markup } from './markup.ts';
import type { Period } from './states.ts';
import { place, type Span } from './time-axis.ts';

/** How a state looks: a class for its colour and pattern, and a word that says the same. */
export interface Look {
  readonly kind: 'good' | 'waiting' | 'bad' | 'blind' | 'ending';
  readonly word: string;
}

/** The states of a lane as boxes. Those outside of the span are not drawn. */
export function segments(periods: readonly Period<Look>[], span: Span): Markup {
  const boxes = periods
    .filter(({ startMs, endMs }) => endMs > span.startMs && startMs < span.endMs)
    .map(({ startMs, endMs, value }) => {
      const title = `${value.word}, ${formatAt(startMs)} to ${formatAt(endMs)}`;
      return markup`<span class="segment ${value.kind}" style="${place(startMs, endMs, span)}" title="${title}">${value.word}</span>`;
    });
  return markup`${boxes}`;
}

/** The same in words. */
export function describe(periods: readonly Period<Look>[]): string {
  return periods.map(({ startMs, value }) => `${value.word} from ${formatAt(startMs)}`).join(', ');
}
