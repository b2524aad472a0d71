import type { RequestEvent } from '../../model/history.ts';
import { stallsOf, type Stall } from '../availability/control.ts';
import { measureStream, type MeasuredStream } from '../availability/judge-stream.ts';
import { untilOf } from '../availability/judge-streams.ts';
import { requestFloorMs } from '../availability/steady.ts';
import { isControl, requestStreams } from '../availability/stream.ts';
import type { FaultWindow } from '../fault-window.ts';
import { gapSentence, gapsOf, recorderGaps } from '../gaps.ts';
import { glob } from '../glob.ts';
import type { HistoryIndex } from '../history-index.ts';
import { lossesOfAnswers } from './answers.ts';
import { mergeLosses, type Loss } from './loss.ts';
import { answeringPods, crewsOf, lossesOfPods, type Crew } from './pods.ts';

/** What is asked of the capacity. */
export interface Wanted {
  readonly under: { readonly text: string; readonly ms: number };
  readonly share: { readonly percent: number };
  readonly path: string;
  readonly workload: string | null;
  readonly sustain: { readonly ms: number };
  readonly spacing: { readonly ms: number };
}

export interface Capacity {
  readonly faultMs: number;
  /** The last sample of the load: the end of what is known. */
  readonly endMs: number;
  readonly streams: readonly MeasuredStream[];
  readonly crews: readonly Crew[];
  /** In order; each from its first sign to the last thing that came back. */
  readonly losses: readonly Loss[];
  readonly stalls: readonly Stall[];
  /** Why what was measured is no evidence; null when it is. */
  readonly flaw: string | null;
}

/** An outage ends for this many good answers; it only tells how much could have passed unseen. */
const sustainSamples = 20;

/** The capacity after the fault beside what it was before, or why it has no measure. */
export function measureCapacity(
  index: HistoryIndex,
  window: FaultWindow,
  wanted: Wanted,
): Capacity | { readonly unknown: string } {
  const named = wanted.path === 'service' ? () => true : glob(wanted.path);
  const groups = requestStreams(index.requests, (path) => !isControl(path) && named(path));
  if (groups.length === 0) {
    const sought = wanted.path === 'service' ? 'to the service' : `on a path ${wanted.path}`;
    return { unknown: `the history has no request ${sought}` };
  }
  const faultMs = window.startMs;
  const time = { steadyMs: window.steadyMs, faultMs };
  const stalls = stallsOf(requestStreams(index.requests, isControl), index, time);
  const streams = groups.map((stream) =>
    measureStream(stream, {
      ...time,
      limitMs: wanted.under.ms,
      limitText: wanted.under.text,
      spacingMs: wanted.spacing.ms,
      slowFloorMs: requestFloorMs,
      sustain: { ms: wanted.sustain.ms, samples: sustainSamples },
      untilMs: untilOf(groups, window.goneMs),
      stalls,
      gaps: gapsOf(index, ['load', 'clock']),
    }),
  );
  const share = wanted.share.percent / 100;
  const answered = answeringPods(
    groups.map(({ events }) => events as readonly RequestEvent[]),
    faultMs,
  );
  const crews = crewsOf(index.states, wanted.workload ?? answered, faultMs, share);
  if (crews.length === 0) return { unknown: nobody(wanted.workload, answered) };
  const endMs = Math.max(...groups.map(({ starts }) => starts[starts.length - 1] ?? 0));
  const losses = [
    ...streams.flatMap((stream) => lossesOfAnswers(stream, share, faultMs)),
    ...crews.flatMap((crew) => lossesOfPods(crew, endMs)),
  ];
  const flaw = flawOf(index, window, streams, endMs);
  return { faultMs, endMs, streams, crews, losses: mergeLosses(losses, wanted.sustain.ms), stalls, flaw };
}

function nobody(workload: string | null, answered: ReadonlySet<string>): string {
  if (workload !== null) return `no pod of a workload ${workload} was ready before the fault`;
  if (answered.size === 0)
    return "no answer before the fault says which pod gave it: say with 'workload' whose pods are behind the service";
  return 'no pod that answered before the fault is among those that the history knows';
}

function flawOf(
  index: HistoryIndex,
  window: FaultWindow,
  streams: readonly MeasuredStream[],
  endMs: number,
): string | null {
  if (window.goneMs === null) return 'the fault was never healed';
  for (const { stream, flaw } of streams) if (flaw !== null) return `${stream.label}: ${flaw}`;
  const [gap] = recorderGaps(index, ['Pod', 'ReplicaSet'], window.startMs, endMs);
  return gap === undefined ? null : gapSentence(gap, window.startMs);
}
