import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';

import type { Place, Progress, Running } from '../model/cluster.ts';
import { HarnessError, messageOf } from '../model/errors.ts';
import type { HistoryEvent } from '../model/history.ts';
import type { LoadProfile } from '../model/scenario.ts';
import type { LoadPath } from '../model/workload.ts';
import { ensurePrograms } from '../toolchain/index.ts';
import type { Clock } from '../util/clock.ts';
import { eventually, notYet, yes } from '../util/eventually.ts';
import { parseLine, WallClockJoin, type Answer } from './line.ts';
import { k6Command, loadScript, type LoadScript } from './script.ts';
import { steadiness } from './steady.ts';
import { Stream } from './stream.ts';

export interface LoadOptions {
  /** Where the load comes from: a place of its own, so that it shares nothing with the nodes. */
  readonly place: Place;
  readonly paths: readonly LoadPath[];
  readonly profile: LoadProfile;
  readonly clock: Clock;
  readonly record: (event: HistoryEvent) => void;
  /** Gets k6.log: what k6 says of itself. Must exist. */
  readonly logDirectory: string;
  readonly signal: AbortSignal;
  /** The zone of a node by its name, for answers that do not tell theirs. */
  readonly zoneOf?: (node: string) => string | null | undefined;
  /** The k6 program; found by the toolchain when not given. */
  readonly k6?: string;
  readonly progress?: Progress;
}

/** What the load was, over all paths and modes. */
export interface LoadTotals {
  /** Requests that were really sent. */
  readonly sent: number;
  /** Of those, how many had no good answer. */
  readonly failed: number;
  /** Requests that were due and could not be sent: they count against the service, because nobody knows. */
  readonly dropped: number;
}

export interface LoadRun extends AsyncDisposable {
  /**
   * Resolves when every path and mode has had at least 95 % of its rate and no failure for 2 s.
   * @throws HarnessError `load-too-low` when the rate is not real or k6 ended, `timed-out` when requests fail; with the figures of each path
   */
  untilSteady(withinMs: number, signal: AbortSignal): Promise<void>;
  /** Waits for the answers that are due, accounts for every request of the schedule, and ends k6. Idempotent. */
  stop(): Promise<LoadTotals>;
}

/** How long k6 may take to print an answer after its time-out. */
const graceMs = 500;

/**
 * Starts the open-loop load: each path in each connection mode at its rate, whether answers come or not.
 * @throws HarnessError `bad-input` | `toolchain`
 */
export async function startLoad(options: LoadOptions): Promise<LoadRun> {
  const script = loadScript(options.paths, options.profile);
  const k6 = options.k6 ?? (await k6Program(options));
  return new K6Run(options, script, k6);
}

async function k6Program({ progress, signal }: LoadOptions): Promise<string> {
  const programs = await ensurePrograms(['k6'], progress ?? (() => undefined), signal);
  const path = programs.get('k6');
  if (path === undefined) throw new HarnessError('toolchain', 'The toolchain gave no k6');
  return path;
}

class K6Run implements LoadRun {
  readonly #options: LoadOptions;
  readonly #script: LoadScript;
  readonly #running: Running;
  readonly #join = new WallClockJoin();
  readonly #streams: ReadonlyMap<string, Stream>;
  readonly #log: WriteStream;
  readonly #lastWords: string[] = [];
  readonly #reading: Promise<void>;
  #lastLineMs: number;
  /** When and why k6 ended before it was asked to. */
  #death: { readonly atMs: number; readonly because: string } | null = null;
  #stopping: Promise<LoadTotals> | null = null;
  #ending = false;

  constructor(options: LoadOptions, script: LoadScript, k6: string) {
    const { place, clock, logDirectory, signal } = options;
    this.#options = options;
    this.#script = script;
    this.#lastLineMs = clock.now();
    this.#streams = new Map(
      script.paths.flatMap(({ name }) =>
        script.modes.map((mode) => [`${name} ${mode}`, new Stream(name, mode, script.rate, clock.now())]),
      ),
    );
    this.#log = createWriteStream(join(logDirectory, 'k6.log'), { flags: 'a' });
    this.#running = place.spawn(k6Command(k6, script, logDirectory), { signal });
    this.#reading = this.#read();
  }

  async #read(): Promise<void> {
    let because: string;
    try {
      for await (const text of this.#running.lines) this.#take(text);
      const { exitCode } = await this.#running.done;
      because = `k6 ended with exit code ${String(exitCode)}`;
    } catch (error) {
      because = `k6 cannot be read: ${messageOf(error)}`;
    }
    if (this.#ending) return;
    const atMs = this.#options.clock.now();
    const said = this.#lastWords.length > 0 ? `; it said: ${this.#lastWords.join(' | ')}` : '';
    this.#death = { atMs, because: `${because}${said}` };
    this.#gap(this.#lastLineMs, atMs);
  }

  #take(text: string): void {
    const line = parseLine(text);
    if (line === null) {
      this.#hear(text);
      return;
    }
    const { clock, record } = this.#options;
    const wall = this.#join.wall(line);
    this.#lastLineMs = clock.now();
    const event = this.#streams.get(`${line.path} ${line.mode}`)?.take({
      line: { ...line, answer: this.#withZone(line.answer) },
      firstMs: clock.fromWall(line.firstWallMs),
      startMs: clock.fromWall(wall.startMs),
      endMs: clock.fromWall(wall.endMs),
    });
    if (event) record(event);
  }

  #withZone(answer: Answer): Answer {
    if (answer.node === undefined || answer.zone !== undefined) return answer;
    const zone = this.#options.zoneOf?.(answer.node);
    return zone == null ? answer : { ...answer, zone };
  }

  #hear(text: string): void {
    // k6 says this of each failed request; the request's own line says it better.
    if (text.trim() === '' || text.includes('Request Failed')) return;
    this.#log.write(`${text}\n`);
    this.#lastWords.push(text.slice(0, 500));
    if (this.#lastWords.length > 8) this.#lastWords.shift();
  }

  #gap(startMs: number, endMs: number): void {
    const because = this.#death?.because ?? 'unknown';
    this.#options.record({ kind: 'gap', probe: 'load', startMs, endMs, because });
  }

  async untilSteady(withinMs: number, signal: AbortSignal): Promise<void> {
    const look = () => {
      if (this.#death)
        throw new HarnessError('load-too-low', `The load ended before it was steady: ${this.#death.because}`);
      const nowMs = this.#options.clock.now();
      const figures = [...this.#streams.values()].map((stream) => stream.figures(nowMs));
      return steadiness(figures, this.#script.rate);
    };
    try {
      await eventually('the load to be steady', { withinMs, everyMs: 100, signal }, () => {
        const state = look();
        return state.steady ? yes(true) : notYet(state.saw);
      });
    } catch (error) {
      const state = error instanceof HarnessError && error.code === 'timed-out' ? look() : null;
      if (state?.steady === false && state.because === 'rate')
        throw new HarnessError('load-too-low', messageOf(error), { cause: error });
      throw error;
    }
  }

  stop(): Promise<LoadTotals> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<LoadTotals> {
    const { clock, record } = this.#options;
    const stopMs = clock.now();
    const untilMs = this.#death?.atMs ?? stopMs;
    const streams = [...this.#streams.values()];
    for (const stream of streams) stream.end(untilMs);
    // k6 goes on sending meanwhile (what it starts now no longer counts), so that a request under way may still be answered.
    if (this.#death === null) await this.#untilAnswered(streams);
    this.#ending = true;
    await this.#running[Symbol.asyncDispose]();
    await this.#reading;
    const died = this.#death !== null;
    if (died) this.#gap(untilMs, Math.max(untilMs, clock.now()));
    const totals = streams.map((stream) => stream.close(died ? 'unanswered' : 'dropped', clock.now()));
    for (const { events } of totals) events.forEach(record);
    await new Promise<void>((resolve) => this.#log.end(resolve));
    const sum = (pick: (total: LoadTotals) => number): number => totals.reduce((all, total) => all + pick(total), 0);
    return {
      sent: sum(({ sent }) => sent),
      failed: sum(({ failed }) => failed),
      dropped: sum(({ dropped }) => dropped),
    };
  }

  async #untilAnswered(streams: readonly Stream[]): Promise<void> {
    const withinMs = this.#script.timeoutMs + graceMs;
    try {
      await eventually('the last answers', { withinMs, everyMs: 100 }, () =>
        this.#death !== null || streams.every((stream) => stream.missing() === 0) ? yes(true) : notYet('some are due'),
      );
    } catch (error) {
      // What has no answer by now is accounted for as such.
      if (!(error instanceof HarnessError && error.code === 'timed-out')) throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
