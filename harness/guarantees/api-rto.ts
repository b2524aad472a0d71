import type { Duration } from '../model/duration.ts';
import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { History } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Verdict } from '../model/verdict.ts';
import { stallsOf } from './availability/control.ts';
import { judgeStreams } from './availability/judge-streams.ts';
import { phasesOf } from './availability/phases.ts';
import { isControl, requestStreams, writeStreams } from './availability/stream.ts';
import { faultWindow } from './fault-window.ts';
import { gapsOf, ledgerGaps } from './gaps.ts';
import { glob } from './glob.ts';
import { indexHistory } from './history-index.ts';
import { Params } from './params.ts';
import { spaced } from './sentence.ts';

export interface ApiRtoParams {
  readonly under: { readonly text: string; readonly ms: number };
  readonly target: string;
  readonly sustain: { readonly text: string; readonly ms: number };
  readonly spacing: { readonly text: string; readonly ms: number };
}

/** The API acknowledges writes again in time: `apiRto({ under: '10s', target: 'api-ha' })`. */
export function apiRto(given: {
  readonly under: Duration;
  /** A pattern of targets; `api-*` by default. */
  readonly target?: string;
  /** How long every write must be acknowledged for an outage to be over; 1s by default. */
  readonly sustain?: Duration;
  /** How close together the writes must begin; 250ms by default. */
  readonly spacing?: Duration;
}): GuaranteeSpec {
  apiRtoGuarantee.params({ ...given });
  return { guarantee: 'api-rto', params: { ...given } };
}

const fields = ['under', 'target', 'sustain', 'spacing'] as const;
/** A write waits for the disks of two members: below this, lateness is a busy disk. */
const slowFloorMs = 250;
const sustainSamples = 5;

const labelOf = ({ under, target }: ApiRtoParams): string => `api-rto(${under.text}, ${target})`;

const promiseOf = ({ under, target, sustain }: ApiRtoParams): string =>
  `writes through ${target} are acknowledged again within ${spaced(under.text)} of the first one that is not, and then all of them for ${spaced(sustain.text)}`;

function judge(history: History, params: ApiRtoParams): Verdict {
  const index = indexHistory(history);
  const window = faultWindow(index);
  if ('unknown' in window) return { status: 'unknown', because: window.unknown };
  const streams = writeStreams(index.ops, glob(params.target));
  if (streams.length === 0)
    return { status: 'unknown', because: `the history has no write through a target ${params.target}` };
  const time = { steadyMs: window.steadyMs, faultMs: window.startMs };
  const controls = requestStreams(index.requests, isControl);
  return judgeStreams({
    label: labelOf(params),
    promise: promiseOf(params),
    noun: 'write',
    streams,
    demand: {
      limitMs: params.under.ms,
      limitText: spaced(params.under.text),
      spacingMs: params.spacing.ms,
      slowFloorMs,
      sustain: { ms: params.sustain.ms, samples: sustainSamples },
      ...time,
      goneMs: window.goneMs,
      stalls: stallsOf(controls, index, time),
      gaps: [...ledgerGaps(index), ...gapsOf(index, ['clock'])],
    },
    phases: phasesOf(index, window),
  });
}

export const apiRtoGuarantee: Guarantee<ApiRtoParams> = {
  name: 'api-rto',
  summary: 'The API acknowledges writes again within a stated time of the beginning of an outage',
  params(given: Json): ApiRtoParams {
    const params = new Params('api-rto', given, fields);
    return {
      under: params.duration('under'),
      target: params.text('target') ?? 'api-*',
      sustain: params.duration('sustain', '1s'),
      spacing: params.duration('spacing', '250ms'),
    };
  },
  promise: promiseOf,
  judge,
};
