import type { Duration } from './duration.ts';

/** What a business impact analysis demands of one service; only what it states is promised. */
export interface ServiceTarget {
  readonly name: string;
  /** How much depends on it: 1 is the most. */
  readonly tier: number;
  /** The services that it cannot do without, by name: they have to be back before it can be. */
  readonly needs?: readonly string[];
  /** A pattern of the load's paths into it; `service` for all of them. */
  readonly paths: string;
  /** A pattern of the targets through which its data is written. */
  readonly writes?: string;
  /** The longest outage. */
  readonly rto?: Duration;
  /** How many acknowledged writes may be lost, or how old a lost one may be when the fault comes. */
  readonly rpo?: number | Duration;
  /** The most requests that may fail from the injection to the end of the run, such as `5%`. */
  readonly errors?: string;
  /** The share of the time in which it must serve, such as `99.9%`, and the time that this is a share of. */
  readonly availability?: string;
  readonly period?: Duration;
}
