import { rto } from '../../harness/guarantees/index.ts';
import { guarantees } from '../../harness/guarantees/index.ts';
import type { ConnectionMode, FaultEvent, HistoryEvent } from '../../harness/model/history.ts';
import { named } from '../../harness/run/index.ts';

/** An outage of known length on the run's clock: surely cut from `fromMs` to `toMs`, surely whole before and after. */
export interface Planted {
  readonly lengthMs: number;
  readonly beforeMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly afterMs: number;
  /** The time around it in which nothing else happened. */
  readonly calmFromMs: number;
  readonly calmToMs: number;
}

export interface JudgedOutage {
  readonly lowerMs: number;
  readonly upperMs: number;
  readonly widthMs: number;
  /** Whether the interval and what is known of the truth have a time in common. */
  readonly contained: boolean;
}

/** What the `rto` judge says of the one outage, in one connection mode; null when it does not see exactly one. */
export function judgePlanted(
  events: readonly HistoryEvent[],
  planted: Planted,
  mode: ConnectionMode,
): JudgedOutage | null {
  const { calmFromMs, calmToMs, beforeMs, fromMs, toMs, afterMs } = planted;
  const told = (phase: FaultEvent['phase'], atMs: number): FaultEvent => {
    return { kind: 'fault', atMs, step: '1-cut', fault: 'cut', phase, detail: 'planted', targets: ['client'] };
  };
  const history: HistoryEvent[] = [
    { kind: 'phase', atMs: calmFromMs, phase: 'steady', state: 'ended' },
    told('injecting', beforeMs),
    told('felt', fromMs),
    told('healed', afterMs),
    told('gone', afterMs),
    ...events.filter((event) => event.kind === 'request' && event.startMs >= calmFromMs && event.startMs <= calmToMs),
  ];
  const judge = named('guarantee', 'rto', guarantees);
  const { params } = rto({ under: '60s', path: 'across', mode });
  const verdict = judge.judge(history, judge.params(params));
  const details = verdict.details as
    | {
        readonly paths: readonly {
          readonly outages: readonly { readonly lowerMs: number; readonly upperMs: number | null }[];
        }[];
      }
    | undefined;
  const outages = details?.paths.flatMap((path) => path.outages) ?? [];
  const [outage] = outages;
  if (outages.length !== 1 || outage === undefined || outage.upperMs === null) return null;
  const { lowerMs, upperMs } = outage;
  const contained = lowerMs <= afterMs - beforeMs && upperMs >= toMs - fromMs;
  return { lowerMs, upperMs, widthMs: upperMs - lowerMs, contained };
}
