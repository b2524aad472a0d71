import type { MeasuredStream } from '../availability/judge-stream.ts';
import { bounds, type Episode } from '../availability/outages.ts';
import type { Loss } from './loss.ts';

/** The share of good answers is that of the last second: long enough to count, short beside any limit worth promising. */
const windowMs = 1_000;
/** Fewer samples have no share. */
const leastSamples = 5;

/**
 * The times after the fault in which a path gave less than a share of the good answers that it gave while it was steady.
 * @param share of the steady ratio, from 0 to 1
 */
export function lossesOfAnswers(measured: MeasuredStream, share: number, faultMs: number): readonly Loss[] {
  const { stream, served, steady } = measured;
  const least = share * steady.ratio;
  const episodes: Episode[] = [];
  let from = 0;
  let good = 0;
  for (let index = 0; index < served.length; index += 1) {
    const nowMs = stream.starts[index] ?? 0;
    good += served[index] ?? 0;
    for (; (stream.starts[from] ?? 0) <= nowMs - windowMs; from += 1) good -= served[from] ?? 0;
    const samples = index - from + 1;
    // A sum of shares is not exact in binary: a share that is met to the last digit is met.
    if (nowMs < faultMs || samples < leastSamples || good / samples >= least - 1e-9) continue;
    extend(episodes, served, from, index);
  }
  return episodes.map((episode) => {
    const outage = bounds(stream, served, steady, faultMs, closed(episode, served));
    return {
      beganLoMs: Number.isFinite(outage.upperMs) ? (outage.recoveredMs ?? 0) - outage.upperMs : outage.firstBadMs,
      beganHiMs: outage.lastBadMs - outage.lowerMs,
      backLoMs: outage.lastBadMs,
      backHiMs: outage.recoveredMs ?? Infinity,
      what: [`good answers on ${stream.label}`],
    };
  });
}

/** Adds the failures of a window with too few good answers to the last episode, or begins one. */
function extend(episodes: Episode[], served: Uint8Array, from: number, to: number): void {
  const last = episodes.at(-1);
  const since = last === undefined ? from : Math.max(from, last.last + 1);
  const first = served.indexOf(0, since);
  if (first === -1 || first > to) return;
  const newest = served.lastIndexOf(0, to);
  let notServed = 0;
  for (let index = first; index <= newest; index += 1) if (served[index] === 0) notServed += 1;
  if (last === undefined || from > last.last) episodes.push({ first, last: newest, notServed, sustained: null });
  else episodes[episodes.length - 1] = { ...last, last: newest, notServed: last.notServed + notServed };
}

/** The window after an episode's last failure had its share again, if it was seen at all. */
const closed = (episode: Episode, served: Uint8Array): Episode =>
  episode.last + leastSamples < served.length ? { ...episode, sustained: episode.last + 1 } : episode;
