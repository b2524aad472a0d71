import type { Duration } from '../model/duration.ts';
import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { ConnectionMode, History } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Verdict } from '../model/verdict.ts';
import { stallsOf } from './availability/control.ts';
import { judgeStreams } from './availability/judge-streams.ts';
import { phasesOf } from './availability/phases.ts';
import { requestFloorMs } from './availability/steady.ts';
import { isControl, requestStreams } from './availability/stream.ts';
import { faultWindow } from './fault-window.ts';
import { gapsOf } from './gaps.ts';
import { glob } from './glob.ts';
import { indexHistory } from './history-index.ts';
import { Params } from './params.ts';
import { spaced } from './sentence.ts';

export interface RtoParams {
  readonly under: { readonly text: string; readonly ms: number };
  /** `service`, every path but the control target, or a pattern of path names. */
  readonly path: string;
  readonly mode: ConnectionMode | null;
  readonly sustain: { readonly text: string; readonly ms: number };
  readonly spacing: { readonly text: string; readonly ms: number };
}

/** The service answers again in time: `rto({ under: '15s' })`. */
export function rto(given: {
  readonly under: Duration;
  /** `service` (the default) is every path but the control target; else a pattern such as `nodeport-*`. */
  readonly path?: string;
  readonly mode?: ConnectionMode;
  /** How long there must be no failure for an outage to be over; 1s by default. */
  readonly sustain?: Duration;
  /** How close together the samples must lie; 50ms by default. */
  readonly spacing?: Duration;
}): GuaranteeSpec {
  rtoGuarantee.params({ ...given });
  return { guarantee: 'rto', params: { ...given } };
}

const fields = ['under', 'path', 'mode', 'sustain', 'spacing'] as const;
const sustainSamples = 20;

const labelOf = ({ under, path, mode }: RtoParams): string =>
  `rto(${[under.text, ...(path === 'service' ? [] : [path]), ...(mode === null ? [] : [mode])].join(', ')})`;

function promiseOf({ under, path, mode, sustain }: RtoParams): string {
  const what = path === 'service' ? 'the service' : `each path ${path}`;
  const on = mode === null ? '' : ` on ${mode} connections`;
  return `${what} answers again${on} within ${spaced(under.text)} of the first request that it does not serve, and then serves every one for ${spaced(sustain.text)}`;
}

function judge(history: History, params: RtoParams): Verdict {
  const index = indexHistory(history);
  const window = faultWindow(index);
  if ('unknown' in window) return { status: 'unknown', because: window.unknown };
  const wanted = params.path === 'service' ? () => true : glob(params.path);
  const streams = requestStreams(
    index.requests,
    (path, mode) => !isControl(path) && wanted(path) && (params.mode === null || mode === params.mode),
  );
  if (streams.length === 0) {
    const sought = params.path === 'service' ? 'to the service' : `on a path ${params.path}`;
    const mode = params.mode === null ? '' : ` with ${params.mode} connections`;
    return { status: 'unknown', because: `the history has no request ${sought}${mode}` };
  }
  const time = { steadyMs: window.steadyMs, faultMs: window.startMs };
  const controls = requestStreams(index.requests, isControl);
  return judgeStreams({
    label: labelOf(params),
    promise: promiseOf(params),
    noun: 'request',
    streams,
    demand: {
      limitMs: params.under.ms,
      limitText: spaced(params.under.text),
      spacingMs: params.spacing.ms,
      slowFloorMs: requestFloorMs,
      sustain: { ms: params.sustain.ms, samples: sustainSamples },
      ...time,
      goneMs: window.goneMs,
      stalls: stallsOf(controls, index, time),
      // A step of the wall clock moves the load generator's times against the run's.
      gaps: gapsOf(index, ['load', 'clock']),
    },
    phases: phasesOf(index, window),
  });
}

export const rtoGuarantee: Guarantee<RtoParams> = {
  name: 'rto',
  summary: 'Every path serves again within a stated time of the beginning of an outage',
  params(given: Json): RtoParams {
    const params = new Params('rto', given, fields);
    return {
      under: params.duration('under'),
      path: params.text('path') ?? 'service',
      mode: params.word('mode', ['new', 'reused']),
      sustain: params.duration('sustain', '1s'),
      spacing: params.duration('spacing', '50ms'),
    };
  },
  promise: promiseOf,
  judge,
};
