import { formatMs } from '../../model/duration.ts';
import type { HistoryEvent } from '../../model/history.ts';
import type { Json } from '../../model/json.ts';
import type { Figure, Verdict } from '../../model/verdict.ts';
import { excuseOf, overlapMs } from '../availability/control.ts';
import { count, few, formatInterval, spaced, violation } from '../sentence.ts';
import { lowerOf, upperOf, type Loss } from './loss.ts';
import type { Capacity, Wanted } from './measure-capacity.ts';

/** The verdict over a measured capacity, by its longest loss. */
export function judgeCapacity(
  capacity: Capacity,
  wanted: Wanted,
  words: { readonly label: string; readonly promise: string },
): Verdict {
  const { losses, flaw, stalls, endMs } = capacity;
  const limitMs = wanted.under.ms;
  const worst = losses.toSorted((a, b) => lowerOf(b) - lowerOf(a) || upperOf(b) - upperOf(a))[0] ?? null;
  const measured = sentenceOf(capacity, worst);
  const seen = { measured, figures: figuresOf(capacity, worst, limitMs), details: detailsOf(capacity, limitMs) };
  if (flaw !== null) return { status: 'unknown', because: flaw, ...seen };
  const unknown = (because: string): Verdict => ({ status: 'unknown', because, ...seen });
  const beyond = losses.filter((loss) => lowerOf(loss) > limitMs);
  const stalledMs = ({ beganHiMs, backLoMs }: Loss): number => overlapMs(stalls, beganHiMs, backLoMs);
  if (beyond.some((loss) => lowerOf(loss) - stalledMs(loss) > limitMs)) {
    const because = violation(words.label, words.promise, measured);
    return { status: 'violated', because, evidence: evidenceOf(capacity, beyond[0]), ...seen };
  }
  const [excused] = beyond;
  if (excused !== undefined)
    return unknown(`${excuseOf(stalls, excused.beganHiMs, excused.backLoMs)} of the loss of ${intervalOf(excused)}`);
  const open = losses.find((loss) => loss.backHiMs > endMs - wanted.sustain.ms);
  if (open !== undefined)
    return unknown(
      `${few(open.what)}: not seen back for ${formatMs(wanted.sustain.ms)} when the recording ended, ${formatMs(endMs - open.beganHiMs)} after the loss`,
    );
  const straddling = losses.find((loss) => upperOf(loss) > limitMs);
  if (straddling !== undefined)
    return unknown(`the error bar straddles the limit: ${intervalOf(straddling)} against ${spaced(wanted.under.text)}`);
  if (unseenOf(capacity) > limitMs)
    return unknown(`a loss of ${formatMs(unseenOf(capacity))} could have passed unseen between two good answers`);
  return { status: 'held', ...seen };
}

const intervalOf = (loss: Loss): string => formatInterval(lowerOf(loss), upperOf(loss));
const unseenOf = ({ streams }: Capacity): number => Math.max(...streams.map(({ outages }) => outages.unseenMs));

function sentenceOf({ crews, losses, faultMs, streams }: Capacity, worst: Loss | null): string {
  const pods = crews
    .map(({ workload, least, steady }) => `at least ${String(least)} of ${count(steady, 'pod')} of ${workload} ready`)
    .join(', ');
  if (worst === null)
    return `no capacity was lost: ${pods}; good answers as before on ${count(streams.length, 'path')}`;
  const began = formatMs(Math.max(0, worst.beganHiMs - faultMs));
  const others = losses.length === 1 ? '' : `; ${count(losses.length, 'loss', 'losses')} in all`;
  return `the full capacity was back after ${intervalOf(worst)}, lost from ${began} after the injection: ${few(worst.what)}; ${pods}${others}`;
}

function figuresOf(capacity: Capacity, worst: Loss | null, limit: number): Figure[] {
  const exact = (name: string, value: number): Figure => ({ name, unit: 'count', lower: value, upper: value });
  const upper = worst === null ? unseenOf(capacity) : upperOf(worst);
  return [
    { name: 'capacity back', unit: 'ms', lower: worst === null ? 0 : lowerOf(worst), upper, limit },
    exact('losses of capacity', capacity.losses.length),
    ...capacity.crews.flatMap(({ workload, steady, least }) => [
      exact(`ready pods of ${workload} before`, steady),
      exact(`fewest ready pods of ${workload}`, least),
    ]),
  ];
}

const round = (ms: number): number => Math.round(ms * 10) / 10;

/** Its shape is told in docs/guarantees/capacity-rto.md. */
function detailsOf({ losses, crews, faultMs, stalls }: Capacity, limitMs: number): Json {
  return {
    limitMs,
    faultMs,
    losses: losses.map((loss) => ({
      fromMs: round(loss.beganHiMs),
      backMs: Number.isFinite(loss.backHiMs) ? round(loss.backHiMs) : null,
      lowerMs: round(lowerOf(loss)),
      upperMs: Number.isFinite(loss.backHiMs) ? round(upperOf(loss)) : null,
      what: [...loss.what],
    })),
    crews: crews.map(({ workload, steady, needed, least, points }) => ({
      workload,
      steady,
      needed,
      least,
      points: points.slice(0, 200).map(({ atMs, ready }) => ({ atMs: round(atMs), ready })),
    })),
    stalls: stalls.map(({ startMs, endMs }) => ({ fromMs: startMs, toMs: endMs })),
  };
}

/** The first failures within the loss, and the first pods that were lost in it. */
function evidenceOf({ streams, crews }: Capacity, loss: Loss | undefined): readonly HistoryEvent[] {
  if (loss === undefined) return [];
  const isIn = (atMs: number): boolean => atMs >= loss.beganLoMs && atMs <= loss.backHiMs;
  const requests = streams.flatMap(({ stream, served }) =>
    stream.events.filter((_, at) => served[at] === 0 && isIn(stream.starts[at] ?? 0)).slice(0, 2),
  );
  const pods = crews.flatMap(({ points, needed }) =>
    points.filter(({ atMs, ready }) => ready < needed && isIn(atMs)).map(({ event }) => event),
  );
  return [...requests.slice(0, 3), ...pods.slice(0, 2)];
}
