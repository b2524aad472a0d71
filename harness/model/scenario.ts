import type { AlertSource } from './alert.ts';
import type { ClusterSpec } from './cluster.ts';
import type { Duration } from './duration.ts';
import type { GuaranteeSpec } from './guarantee.ts';
import type { ConnectionMode } from './history.ts';
import type { Json } from './json.ts';
import type { ServiceTarget } from './service.ts';

export interface LoadProfile {
  /** Requests per second on each path and connection mode; 20 is the least that keeps samples 50 ms apart. */
  readonly rate: number;
  /** A request without a whole answer after this time has failed. */
  readonly timeout: Duration;
  readonly modes: readonly ConnectionMode[];
}

/** One injection: which fault, on what, when, and for how long. */
export interface FaultStep {
  readonly fault: string;
  readonly params: { readonly [key: string]: Json };
  /** After the steady gate, or after the end of the step before. */
  readonly from: Duration;
  readonly hold: Duration;
  /** True when `from` begins once the step before this one in the list was healed and is proved gone. */
  readonly following?: boolean;
}

/** An experiment as data: listed, planned, stored in the report, and replayed by name and seed. */
export interface Scenario {
  /** kebab-case; the name of the suite's file. */
  readonly name: string;
  readonly summary: string;
  readonly seed: number;
  readonly cluster: ClusterSpec;
  readonly workloads: readonly { readonly workload: string; readonly options: { readonly [key: string]: Json } }[];
  readonly load: LoadProfile;
  readonly faults: readonly FaultStep[];
  readonly guarantees: readonly GuaranteeSpec[];
  /** Whose alerts are watched, for `clean-return`; without it nobody looks at alerts. */
  readonly alerts?: AlertSource;
  /** What a business impact analysis demands, where one was given; its promises are among the guarantees. */
  readonly services?: readonly ServiceTarget[];
  /** How long after the last heal the run goes on recording, at most; it ends earlier once the workload is steady. */
  readonly recoverWithin: Duration;
}

/** A step of a scenario: `during('az-partition', { zone: 'b' }, { from: '5s', hold: '60s' })`. */
export function during(
  fault: string,
  params: FaultStep['params'],
  when: { readonly from: Duration; readonly hold: Duration },
): FaultStep {
  return { fault, params, ...when };
}

/** One after the other, each when the one before is gone. */
export const inTurn = (...steps: readonly FaultStep[]): readonly FaultStep[] =>
  steps.map((step, index) => (index === 0 ? step : { ...step, following: true }));

/** The same step so many times in turn: the seed chooses other targets for each. */
export const repeated = (times: number, step: FaultStep): readonly FaultStep[] =>
  inTurn(...Array.from({ length: times }, () => step));
