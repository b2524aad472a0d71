import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { ConnectionMode, History, RequestEvent } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Verdict } from '../model/verdict.ts';
import { formatMs } from '../model/duration.ts';
import { faultWindow } from './fault-window.ts';
import { indexHistory } from './history-index.ts';
import { Params } from './params.ts';
import { sum, tallies, type Tally } from './requests/tally.ts';
import { count, violation } from './sentence.ts';

export interface ZeroFailuresParams {
  readonly path: string;
  readonly mode: ConnectionMode | null;
  /** The fewest requests of each path and mode that prove something. */
  readonly least: number;
}

/** Not one request fails, as a rolling update promises: `zeroFailures()`. */
export function zeroFailures(
  given: {
    /** `service` (the default) is every path but the control target; else a pattern such as `nodeport-*`. */
    readonly path?: string;
    readonly mode?: ConnectionMode;
    /** 100 by default. */
    readonly least?: number;
  } = {},
): GuaranteeSpec {
  zeroFailuresGuarantee.params({ ...given });
  return { guarantee: 'zero-failures', params: { ...given } };
}

const labelOf = ({ path, mode }: ZeroFailuresParams): string =>
  `zero-failures(${[...(path === 'service' ? [] : [path]), ...(mode === null ? [] : [mode])].join(', ')})`;

function promiseOf({ path, mode }: ZeroFailuresParams): string {
  const where = path === 'service' ? 'to the service' : `on the paths ${path}`;
  return `no request ${where}${mode === null ? '' : ` on ${mode} connections`} fails from the injection to the end`;
}

const firstOf = (list: readonly Tally[]): RequestEvent | undefined =>
  list.flatMap(({ failed }) => failed.slice(0, 1)).sort((a, b) => a.startMs - b.startMs)[0];

function sentenceOf(list: readonly Tally[], faultMs: number): string {
  const { sent, failed } = sum(list);
  const first = firstOf(list);
  if (first === undefined) return `none of ${count(sent, 'request')} failed`;
  const { path, mode, startMs, error, status } = first;
  const why = error ?? `status ${String(status)}`;
  return `${String(failed)} of ${count(sent, 'request')} failed, the first on ${path} (${mode} connections) ${formatMs(startMs - faultMs)} after the injection: ${why}`;
}

/** Why no failure that was seen is no proof; null when it is one. */
function doubtOf(list: readonly Tally[], least: number): string | null {
  const { doubtful, missing } = sum(list);
  if (doubtful > 0) return `${count(doubtful, 'request')} failed while the harness stalled or dropped them`;
  if (missing > 0) return `no result is known of ${count(missing, 'request')}`;
  const thin = list.find(({ sent }) => sent.length < least);
  if (thin === undefined) return null;
  return `only ${count(thin.sent.length, 'request')} on ${thin.label}, fewer than ${String(least)}`;
}

function judge(history: History, params: ZeroFailuresParams): Verdict {
  const index = indexHistory(history);
  const window = faultWindow(index);
  if ('unknown' in window) return { status: 'unknown', because: window.unknown };
  const found = tallies(index, window, params);
  if ('unknown' in found) return { status: 'unknown', because: found.unknown };
  const { failed, doubtful, missing } = sum(found.list);
  const measured = sentenceOf(found.list, window.startMs);
  const upper = failed + doubtful + missing;
  const figures = [{ name: 'failed requests', unit: 'count', lower: failed, upper, limit: 0 }] as const;
  // One failure of the system's is enough, whatever was not seen besides.
  if (failed > 0) {
    const evidence = found.list.flatMap(({ failed }) => failed.slice(0, 2)).slice(0, 5);
    return {
      status: 'violated',
      because: violation(labelOf(params), promiseOf(params), measured),
      measured,
      figures,
      evidence,
    };
  }
  const doubt = found.flaw ?? doubtOf(found.list, params.least);
  if (doubt !== null) return { status: 'unknown', because: doubt, measured, figures };
  return { status: 'held', measured, figures };
}

export const zeroFailuresGuarantee: Guarantee<ZeroFailuresParams> = {
  name: 'zero-failures',
  summary: 'Not one request fails from the injection to the end, as in a rolling update',
  params(given: Json): ZeroFailuresParams {
    const params = new Params('zero-failures', given, ['path', 'mode', 'least']);
    return {
      path: params.text('path') ?? 'service',
      mode: params.word('mode', ['new', 'reused']),
      least: params.count('least', 1) ?? 100,
    };
  },
  promise: promiseOf,
  judge,
};
