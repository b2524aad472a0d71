import type { History } from '../../harness/model/history.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { type Markup, markup } from './markup.ts';

/** The part of the run that a timeline shows, in ms since the run's start. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** Where on a timeline an instant lies, in percent of its width; instants outside lie on its edges. */
export function percent(ms: number, span: Span): number {
  const share = (ms - span.startMs) / Math.max(1, span.endMs - span.startMs);
  return Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 100;
}

/** The style of a box from one instant to another. */
export function place(startMs: number, endMs: number, span: Span): string {
  const left = percent(startMs, span);
  const width = Math.round((percent(endMs, span) - left) * 100) / 100;
  return `left:${String(left)}%;width:${String(width)}%`;
}

/** When one fault was there: from the first touch of its injection to its healing. */
export interface FaultWindow extends Span {
  readonly step: string;
  readonly feltMs: number | null;
}

/** A span with the faults that lie in it: what every lane is drawn on. */
export interface Timeline extends Span {
  readonly windows: readonly FaultWindow[];
}

/** The windows of the faults that were injected; one that was never healed lasts to the end of the run. */
export function faultWindows(report: RunReport, history: History): FaultWindow[] {
  return report.faults.flatMap(({ step, injectedMs, feltMs, healedMs }) => {
    const injecting = history.find(
      (event) => event.kind === 'fault' && event.step === step && event.phase === 'injecting',
    );
    const starts = [injecting?.kind === 'fault' ? injecting.atMs : null, injectedMs, feltMs].filter(
      (at) => at !== null,
    );
    if (starts.length === 0) return [];
    return [{ step, startMs: Math.min(...starts), endMs: healedMs ?? report.durationMs, feltMs }];
  });
}

/** Shades the faults behind a lane; the lane's own description names them for those who cannot see it. */
function faultShades(timeline: Timeline): Markup {
  const within = timeline.windows.filter(({ startMs, endMs }) => endMs > timeline.startMs && startMs < timeline.endMs);
  const shades = within.map(({ startMs, endMs, feltMs }) => {
    const felt = feltMs === null ? '' : markup`<i class="felt" style="left:${percent(feltMs, timeline)}%"></i>`;
    return markup`<i class="shade" style="${place(startMs, endMs, timeline)}"></i>${felt}`;
  });
  return markup`${shades}`;
}

const steps = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400].map((s) => s * 1_000);

/** Round instants, at most `most` of them. */
export function ticks(span: Span, most: number): number[] {
  const length = span.endMs - span.startMs;
  const step = steps.find((candidate) => length / candidate <= most) ?? 86_400_000;
  const first = Math.ceil(span.startMs / step) * step;
  const amount = Math.max(0, Math.floor((span.endMs - first) / step) + 1);
  return Array.from({ length: amount }, (_, at) => first + at * step);
}

function label(ms: number, span: Span): string {
  const seconds = ms / 1_000;
  if (span.endMs < 300_000) return `${String(seconds)} s`;
  return `${String(Math.floor(seconds / 60))}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}

/** The ruler under a group of lanes. */
export function ruler(span: Span): Markup {
  const marks = ticks(span, 8).map(
    (ms, at) =>
      markup`<span class="tick${at % 2 === 1 ? ' odd' : ''}" style="left:${percent(ms, span)}%">${label(ms, span)}</span>`,
  );
  return markup`<div class="lane ruler" aria-hidden="true"><span class="name"></span><div class="track">${marks}</div></div>`;
}

export interface LaneOptions {
  readonly name: string;
  readonly note?: string;
  /** What the lane shows, in words, for a screen reader. */
  readonly described: string;
  readonly body: Markup;
  readonly kind?: string;
}

/** One row of a timeline: its name and its track, the faults shaded behind it. */
export function lane(timeline: Timeline, options: LaneOptions): Markup {
  const note = options.note === undefined ? '' : markup`<small>${options.note}</small>`;
  return markup`<div class="lane ${options.kind ?? ''}"><span class="name">${options.name}${note}</span><div class="track" role="img" aria-label="${options.name}: ${options.described}">${faultShades(timeline)}${options.body}</div></div>`;
}
