import type { Duration } from '../model/duration.ts';
import { formatMs } from '../model/duration.ts';
import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { GapEvent, History } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Verdict } from '../model/verdict.ts';
import { endpointLags, type EndpointLags, type Lag } from './endpoints/lags.ts';
import { faultWindow } from './fault-window.ts';
import { countFigure, timeFigure } from './figures.ts';
import { gapSentence, recorderGaps } from './gaps.ts';
import { indexHistory } from './history-index.ts';
import { lasted, latenessOf, type Lasted } from './lateness.ts';
import { Params } from './params.ts';
import { recordingEnd } from './recording-end.ts';
import { count, few, formatInterval, spaced, violation } from './sentence.ts';

export interface ConvergeParams {
  readonly under: { readonly text: string; readonly ms: number };
}

/** Endpoints follow their pods: withdrawn and added in time: `endpointsConverge({ under: '5s' })`. */
export function endpointsConverge(given: { readonly under: Duration }): GuaranteeSpec {
  endpointsConvergeGuarantee.params({ ...given });
  return { guarantee: 'endpoints-converge', params: { ...given } };
}

const labelOf = ({ under }: ConvergeParams): string => `endpoints-converge(${under.text})`;

const promiseOf = ({ under }: ConvergeParams): string =>
  `a pod that ceases to be Ready or goes away leaves every EndpointSlice within ${spaced(under.text)}, and one that turns Ready is in one within ${spaced(under.text)}`;

interface Measured {
  readonly lag: Lag;
  readonly lasted: Lasted;
  /** Whether it was still so when the recording ended. */
  readonly open: boolean;
}

function sentenceOf({ lag, lasted: { lowerMs, upperMs }, open }: Measured, faultMs: number): string {
  const { what, namespace, service, pod, slice, because, startMs } = lag;
  const long = upperMs - lowerMs < 1 ? formatMs(upperMs) : formatInterval(lowerMs, upperMs);
  const when = `${formatMs(startMs - faultMs)} after the injection`;
  const until = open ? ', and still was when the recording ended' : '';
  return what === 'withdrawal'
    ? `pod ${namespace}/${pod} ${because} ${when}, and the slice ${slice ?? ''} of ${service} offered it for ${long}${until}`
    : `pod ${namespace}/${pod} ${because} ${when}, and no slice of ${service} offered it for ${long}${until}`;
}

const worstOf = (measured: readonly Measured[], what: Lag['what']): Lasted => {
  let worst: Lasted = { lowerMs: 0, upperMs: 0 };
  for (const { lag, lasted: one } of measured)
    if (lag.what === what && one.lowerMs + one.upperMs > worst.lowerMs + worst.upperMs) worst = one;
  return worst;
};

const mostListed = 200;

const detailsOf = (measured: readonly Measured[]): Json => ({
  lags: measured.slice(0, mostListed).map(({ lag, lasted: { lowerMs, upperMs }, open }) => {
    const { what, namespace, service, pod, slice, because, startMs } = lag;
    return { what, namespace, service, pod, slice, because, startMs, lowerMs, upperMs, open };
  }),
  lagsInAll: measured.length,
});

/** Why the history cannot tell, but for gaps; null when it can. */
function flaw({ services, slices, changes, lags }: EndpointLags): string | null {
  if (services === 0) return 'no Service was recorded, so it is not known which pods are whose endpoints';
  if (slices === 0) return 'no EndpointSlice was recorded';
  if (changes === 0 && lags.length === 0)
    return 'no pod of a service turned Ready or ceased to be from the injection on, so no endpoint had to change';
  return null;
}

function judge(history: History, params: ConvergeParams): Verdict {
  const index = indexHistory(history);
  const window = faultWindow(index);
  if ('unknown' in window) return { status: 'unknown', because: window.unknown };
  const { startMs } = window;
  const found = endpointLags(index.states, startMs);
  const gaps = recorderGaps(index, ['Pod', 'Node', 'Service', 'EndpointSlice'], startMs, Infinity);
  const [gap] = gaps;
  const because = flaw(found);
  // That nothing changed is known of what was seen alone.
  if (because !== null) return { status: 'unknown', because: gap === undefined ? because : gapSentence(gap, startMs) };
  const lateness = latenessOf(index);
  const endMs = recordingEnd(index);
  const measures = found.lags.map((lag): Measured => {
    const open = lag.endMs === null;
    return { lag, lasted: lasted(lag.startMs, Math.max(lag.startMs, lag.endMs ?? endMs), lateness), open };
  });
  const [withdrawal, appearance] = [worstOf(measures, 'withdrawal'), worstOf(measures, 'appearance')];
  const measured = `${count(found.changes, 'change')} of ready pods in ${count(found.services, 'service')}: withdrawn after ${formatMs(withdrawal.upperMs)} at worst, offered after ${formatMs(appearance.upperMs)} at worst`;
  const figures = [
    timeFigure('worst withdrawal', withdrawal.lowerMs, withdrawal.upperMs, params.under.ms),
    timeFigure('worst appearance', appearance.lowerMs, appearance.upperMs, params.under.ms),
    countFigure('changes', found.changes),
  ];
  const details = detailsOf(measures);
  const late = measures.filter(({ lasted: { lowerMs } }) => lowerMs > params.under.ms);
  const sure = late.filter(({ lag }) => !gaps.some((gap) => covers(gap, lag, endMs)));
  if (sure.length > 0) {
    const sentences = few(sure.map((one) => sentenceOf(one, startMs)));
    const because = violation(labelOf(params), promiseOf(params), sentences);
    const evidence = sure.slice(0, 5).map(({ lag }) => lag.event);
    return { status: 'violated', because, measured, figures, details, evidence };
  }
  if (gap !== undefined) return { status: 'unknown', because: gapSentence(gap, startMs), measured, figures, details };
  const doubtful = measures.find(({ lasted: { upperMs }, open }) => open || upperMs > params.under.ms);
  if (doubtful !== undefined)
    return { status: 'unknown', because: sentenceOf(doubtful, startMs), measured, figures, details };
  return { status: 'held', measured, figures, details };
}

const covers = (gap: GapEvent, { startMs, endMs }: Lag, recordedUntilMs: number): boolean =>
  gap.startMs <= (endMs ?? recordedUntilMs) && gap.endMs >= startMs;

export const endpointsConvergeGuarantee: Guarantee<ConvergeParams> = {
  name: 'endpoints-converge',
  summary: 'Endpoints follow their pods: withdrawn when one ceases to be ready, there when one is',
  params: (given: Json): ConvergeParams => ({
    under: new Params('endpoints-converge', given, ['under']).duration('under', '5s'),
  }),
  promise: promiseOf,
  judge,
};
