import { alertProbe, alertsPath, alertTitle, type AlertSource, type AlertState } from '../../model/alert.ts';
import { HarnessError, messageOf } from '../../model/errors.ts';
import type { GapEvent, SampleEvent, StateEvent } from '../../model/history.ts';
import type { Clock } from '../../util/clock.ts';
import { eventually, notYet, yes, type Look } from '../../util/eventually.ts';
import { isTransient } from '../api-error.ts';
import type { KubeClient } from '../client.ts';
import { firingAlerts, type FiringAlert } from './answer.ts';

export interface AlertTimes {
  /** The pause between two looks. */
  readonly everyMs: number;
  readonly answerWithinMs: number;
  /** A Prometheus that has just become ready may not be known to the API server yet. */
  readonly firstWithinMs: number;
  readonly lastWithinMs: number;
  /** Without an answer for this long, what was there meanwhile cannot be known. */
  readonly blindAfterMs: number;
}

const usualTimes: AlertTimes = {
  everyMs: 2_000,
  answerWithinMs: 4_000,
  firstWithinMs: 15_000,
  lastWithinMs: 5_000,
  blindAfterMs: 10_000,
};

export interface AlertsOptions {
  readonly client: KubeClient;
  readonly source: AlertSource;
  readonly clock: Pick<Clock, 'now' | 'fromWall'>;
  record(event: StateEvent | SampleEvent | GapEvent): void;
  readonly signal: AbortSignal;
}

/**
 * Looks at the alerts that fire, every 2 s until it is disposed of, and records what changes as StateEvents of the kind `Alert`; where
 * it did not see for more than 10 s, or not at the end, as gaps. Resolves after the first look.
 * @throws HarnessError `not-steady` when nobody answers as a Prometheus does
 */
export async function startAlerts(options: AlertsOptions, times: AlertTimes = usualTimes): Promise<AsyncDisposable> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  const watch = new AlertWatch(options, times);
  await watch.start(signal);
  const running = watch.run(signal);
  // Awaited at the end; until then a failure must not end the process unseen by it.
  running.catch(() => undefined);
  let stopped: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    stopping.abort();
    await running;
    await watch.finish();
  };
  return { [Symbol.asyncDispose]: () => (stopped ??= end()) };
}

class AlertWatch {
  readonly #options: AlertsOptions;
  readonly #times: AlertTimes;
  readonly #path: string;
  #firing = new Map<string, FiringAlert>();
  #lastLookMs: number | null = null;
  #failed = 'nobody looked';

  constructor(options: AlertsOptions, times: AlertTimes) {
    this.#options = options;
    this.#times = times;
    this.#path = alertsPath(options.source, 'alerts.service');
  }

  async start(signal: AbortSignal): Promise<void> {
    const { source, clock } = this.#options;
    const { service } = source;
    const { firstWithinMs: withinMs, everyMs } = this.#times;
    try {
      const limits = { withinMs, everyMs, signal, transient: isTransient };
      await eventually(`the alerts of ${service}`, limits, () => this.#seen(signal));
    } catch (cause) {
      signal.throwIfAborted();
      const sentence = `alerts.service: expected a Prometheus that answers at ${service}, found none`;
      throw new HarnessError('not-steady', sentence, { cause });
    }
    this.#options.record({ kind: 'sample', probe: alertProbe, atMs: clock.now(), value: { service } });
  }

  /** Goes on until the signal ends it. */
  async run(signal: AbortSignal): Promise<void> {
    const limits = { withinMs: Infinity, everyMs: this.#times.everyMs, signal };
    await eventually('the end of the looks at the alerts', limits, async () => {
      await this.#look(signal).catch((error: unknown) => {
        this.#failed = messageOf(error);
      });
      return notYet('it goes on');
    }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  /** Looks a last time: what cannot be seen now is not known at the end of the recording. */
  async finish(): Promise<void> {
    const { lastWithinMs: withinMs } = this.#times;
    const limits = { withinMs, everyMs: 200, transient: isTransient };
    await eventually('a last look at the alerts', limits, () => this.#seen(undefined)).catch((error: unknown) => {
      this.#failed = messageOf(error);
      this.#gap(this.#options.clock.now());
    });
  }

  async #seen(signal: AbortSignal | undefined): Promise<Look<undefined>> {
    await this.#look(signal);
    return yes(undefined);
  }

  /** @throws ApiError when there is no answer, or none as a Prometheus gives it; the signal's reason */
  async #look(signal: AbortSignal | undefined): Promise<void> {
    const { client, clock } = this.#options;
    const askedMs = clock.now();
    const answer = await client.text(this.#path, { signal, timeoutMs: this.#times.answerWithinMs });
    const seen = new Map(firingAlerts(answer, `GET ${this.#path}`).map((alert) => [alertTitle(alert.labels), alert]));
    const atMs = clock.now();
    if (this.#lastLookMs !== null && askedMs - this.#lastLookMs > this.#times.blindAfterMs) this.#gap(atMs);
    for (const [title, alert] of seen) if (!this.#firing.has(title)) this.#record('added', title, alert, atMs);
    for (const [title, alert] of this.#firing) if (!seen.has(title)) this.#record('deleted', title, alert, atMs);
    this.#firing = seen;
    this.#lastLookMs = askedMs;
  }

  #gap(endMs: number): void {
    const gap = { kind: 'gap', probe: alertProbe, startMs: this.#lastLookMs ?? 0, endMs } as const;
    this.#options.record({ ...gap, because: this.#failed });
  }

  #record(change: StateEvent['change'], uid: string, { labels, activeAt }: FiringAlert, atMs: number): void {
    const { clock } = this.#options;
    const activeWallMs = activeAt === null ? NaN : Date.parse(activeAt);
    const activeMs = Number.isNaN(activeWallMs) ? null : Math.round(clock.fromWall(activeWallMs));
    const value: AlertState = { labels, activeMs, lastLookMs: this.#lastLookMs };
    const name = labels['alertname'] ?? '';
    this.#options.record({
      kind: 'state',
      atMs,
      change,
      object: 'Alert',
      namespace: '',
      name,
      uid,
      value: { ...value },
    });
  }
}
