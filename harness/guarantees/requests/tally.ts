import { formatMs } from '../../model/duration.ts';
import type { ConnectionMode, RequestEvent } from '../../model/history.ts';
import { stallsOf } from '../availability/control.ts';
import { isControl, requestStreams, type Stream } from '../availability/stream.ts';
import type { FaultWindow } from '../fault-window.ts';
import { gapSentence, gapsOf } from '../gaps.ts';
import { glob } from '../glob.ts';
import type { HistoryIndex } from '../history-index.ts';
import { doubtOf, type Doubt } from './doubt.ts';

/** What became of the requests of one path and mode from the first injection to the end of the recording. */
export interface Tally {
  readonly label: string;
  readonly path: string;
  readonly sent: readonly RequestEvent[];
  /** Failed by the system's doing. */
  readonly failed: readonly RequestEvent[];
  /** Failed, but the load generator dropped them or a stall of the harness can explain it. */
  readonly doubtful: readonly RequestEvent[];
  /** Numbered requests of which nothing is known. */
  readonly missing: number;
  readonly doubt: Doubt;
}

export interface Tallies {
  readonly list: readonly Tally[];
  /** Why the requests are not all that were sent, or not enough; null when they are. */
  readonly flaw: string | null;
}

/** Which requests a promise is about. */
export interface Wanted {
  /** `service` for every path but the control target, or a pattern. */
  readonly path: string;
  readonly mode: ConnectionMode | null;
}

/** The tallies of the wanted requests, or why there are none. */
export function tallies(
  index: HistoryIndex,
  window: FaultWindow,
  wanted: Wanted,
): Tallies | { readonly unknown: string } {
  const named = wanted.path === 'service' ? () => true : glob(wanted.path);
  const streams = requestStreams(
    index.requests,
    (path, mode) => !isControl(path) && named(path) && (wanted.mode === null || mode === wanted.mode),
  );
  if (streams.length === 0) return { unknown: `the history has no request ${wordsOf(wanted)}` };
  const time = { steadyMs: window.steadyMs, faultMs: window.startMs };
  const stalls = stallsOf(requestStreams(index.requests, isControl), index, time);
  const list = streams.map((stream) => tally(stream, window.startMs, doubtOf(stream, stalls, time)));
  return { list, flaw: flawOf(index, window, list) };
}

export function wordsOf({ path, mode }: Wanted): string {
  const sought = path === 'service' ? 'to the service' : `on a path ${path}`;
  return `${sought}${mode === null ? '' : ` with ${mode} connections`}`;
}

function tally(stream: Stream, fromMs: number, doubt: Doubt): Tally {
  const sent = (stream.events as readonly RequestEvent[]).filter(({ startMs }) => startMs >= fromMs);
  const bad = sent.filter(({ ok }) => !ok);
  return {
    label: stream.label,
    path: stream.path,
    sent,
    failed: bad.filter((request) => !doubt.explains(request)),
    doubtful: bad.filter((request) => doubt.explains(request)),
    missing: stream.missing,
    doubt,
  };
}

function flawOf(index: HistoryIndex, window: FaultWindow, list: readonly Tally[]): string | null {
  if (window.goneMs === null) return 'the fault was never healed';
  const gap = gapsOf(index, ['load', 'clock']).find(({ endMs }) => endMs >= window.startMs);
  if (gap !== undefined) return gapSentence(gap, window.startMs);
  for (const { label, sent } of list) {
    const lastMs = sent.at(-1)?.startMs ?? window.startMs;
    if (lastMs < window.goneMs)
      return `the requests on ${label} end ${formatMs(window.goneMs - lastMs)} before the fault was gone`;
  }
  return null;
}

/** The sums over several tallies. */
export function sum(list: readonly Tally[]): Record<'sent' | 'failed' | 'doubtful' | 'missing', number> {
  const add = (of: (tally: Tally) => number): number => list.reduce((total, one) => total + of(one), 0);
  return {
    sent: add(({ sent }) => sent.length),
    failed: add(({ failed }) => failed.length),
    doubtful: add(({ doubtful }) => doubtful.length),
    missing: add(({ missing }) => missing),
  };
}
