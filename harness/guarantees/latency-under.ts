import type { Duration } from '../model/duration.ts';
import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { ConnectionMode, History, RequestEvent } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Figure, Verdict } from '../model/verdict.ts';
import { faultWindow } from './fault-window.ts';
import { indexHistory } from './history-index.ts';
import { Params } from './params.ts';
import { percentileOf, type Bounds } from './requests/percentile.ts';
import { tallies, type Tally } from './requests/tally.ts';
import { count, few, formatInterval, spaced, violation } from './sentence.ts';

export interface LatencyParams {
  readonly percentile: number;
  readonly under: { readonly text: string; readonly ms: number };
  readonly path: string;
  readonly mode: ConnectionMode | null;
}

/** Answers stay prompt during the fault and after it: `latencyUnder({ percentile: 99, under: '250ms' })`. */
export function latencyUnder(given: {
  readonly under: Duration;
  /** 99 by default. */
  readonly percentile?: number;
  /** `service` (the default) is every path but the control target; else a pattern such as `nodeport-*`. */
  readonly path?: string;
  readonly mode?: ConnectionMode;
}): GuaranteeSpec {
  latencyUnderGuarantee.params({ ...given });
  return { guarantee: 'latency-under', params: { ...given } };
}

const labelOf = ({ percentile, under, path, mode }: LatencyParams): string =>
  `latency-under(${[`p${String(percentile)}`, under.text, ...(path === 'service' ? [] : [path]), ...(mode === null ? [] : [mode])].join(', ')})`;

function promiseOf({ percentile, under, path, mode }: LatencyParams): string {
  const what = path === 'service' ? 'each path' : `each path ${path}`;
  const on = mode === null ? '' : ` on ${mode} connections`;
  return `${what} gives ${String(percentile)} % of its good answers${on} within ${spaced(under.text)}, during the fault and after it`;
}

interface Part extends Bounds {
  readonly name: string;
  readonly answers: number;
  readonly failed: number;
  readonly evidence: readonly RequestEvent[];
}

/** One path in one part of the time: what of a latency lies in a stall of the harness counts above and not below. */
function partOf(tally: Tally, when: string, within: (request: RequestEvent) => boolean, percentile: number): Part {
  const sent = tally.sent.filter(within);
  const good = sent
    .filter(({ ok }) => ok)
    .map((request) => {
      const latencyMs = request.endMs - request.startMs;
      return { request, latencyMs, clearMs: latencyMs - tally.doubt.stalledMs(request) };
    });
  const clear = good.map(({ clearMs }) => clearMs);
  const slowest = good.toSorted((a, b) => b.clearMs - a.clearMs).slice(0, 2);
  return {
    name: `${tally.label} ${when}`,
    answers: good.length,
    failed: sent.length - good.length,
    lower: percentileOf(clear, percentile).lower,
    upper: percentileOf(
      good.map(({ latencyMs }) => latencyMs),
      percentile,
    ).upper,
    evidence: slowest.map(({ request }) => request),
  };
}

const sentenceOf = ({ name, lower, upper, answers, failed }: Part): string =>
  `${name}: ${formatInterval(lower, upper)} of ${count(answers, 'answer')}${failed === 0 ? '' : `, ${String(failed)} not answered well`}`;

const figureOf = ({ name, lower, upper }: Part, { percentile, under }: LatencyParams): Figure => ({
  name: `p${String(percentile)} on ${name}`,
  unit: 'ms',
  lower,
  upper,
  limit: under.ms,
});

function judge(history: History, params: LatencyParams): Verdict {
  const index = indexHistory(history);
  const window = faultWindow(index);
  if ('unknown' in window) return { status: 'unknown', because: window.unknown };
  const found = tallies(index, window, params);
  if ('unknown' in found) return { status: 'unknown', because: found.unknown };
  const goneMs = window.goneMs ?? Infinity;
  const parts = found.list.flatMap((tally) => [
    partOf(tally, 'during the fault', ({ startMs }) => startMs < goneMs, params.percentile),
    partOf(tally, 'after it', ({ startMs }) => startMs >= goneMs, params.percentile),
  ]);
  const worst = parts.toSorted((a, b) => b.lower - a.lower || b.upper - a.upper);
  const measured = `p${String(params.percentile)} ${few(worst.map(sentenceOf), 2)}`;
  const seen = { measured, figures: parts.map((part) => figureOf(part, params)) };
  if (found.flaw !== null) return { status: 'unknown', because: found.flaw, ...seen };
  const slow = worst.filter(({ lower }) => lower > params.under.ms);
  if (slow.length > 0) {
    const evidence = slow.flatMap(({ evidence }) => evidence).slice(0, 5);
    return { status: 'violated', because: violation(labelOf(params), promiseOf(params), measured), evidence, ...seen };
  }
  const thin = parts.find(({ upper }) => !Number.isFinite(upper));
  if (thin !== undefined) {
    const because = `${count(thin.answers, 'answer')} on ${thin.name} are too few to know their ${String(params.percentile)}th percentile`;
    return { status: 'unknown', because, ...seen };
  }
  const straddling = worst.find(({ upper }) => upper > params.under.ms);
  if (straddling !== undefined)
    return { status: 'unknown', because: `the error bar straddles the limit: ${sentenceOf(straddling)}`, ...seen };
  return { status: 'held', ...seen };
}

export const latencyUnderGuarantee: Guarantee<LatencyParams> = {
  name: 'latency-under',
  summary: 'A percentile of the good answers stays below a limit during the fault and after it',
  params(given: Json): LatencyParams {
    const params = new Params('latency-under', given, ['under', 'percentile', 'path', 'mode']);
    return {
      under: params.duration('under'),
      percentile: params.between('percentile', 0, 100, 'a percentile above 0 and below 100, such as 99', 99),
      path: params.text('path') ?? 'service',
      mode: params.word('mode', ['new', 'reused']),
    };
  },
  promise: promiseOf,
  judge,
};
