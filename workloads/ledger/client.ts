import type { Place, Running } from '../../harness/model/cluster.ts';
import { HarnessError, messageOf } from '../../harness/model/errors.ts';
import type { OpEvent } from '../../harness/model/history.ts';
import type { ClientContext, WorkloadClient } from '../../harness/model/workload.ts';
import { eventually, notYet, yes } from '../../harness/util/eventually.ts';
import { operatedLine, readLine, skippedLine, writtenLine, type Found, type Job, type Target } from './job.ts';
import type { LedgerOptions } from './options.ts';
import { Pace } from './pace.ts';
import { jsonOf, programArgv, talkingArgv } from './program.ts';
import { readEvents } from './read-back.ts';
import { targetsOf } from './targets.ts';
import { Watching } from './watching.ts';

/** How long finish() goes on asking a target that does not answer. */
const readWithinMs = 60_000;
const steadyWithinMs = 120_000;

/** Starts the writer in a place of its own beside the cluster. */
export async function startLedger(context: ClientContext, options: LedgerOptions): Promise<WorkloadClient> {
  const { cluster, namespace } = context;
  const { periodMs, timeoutMs, models, modelPeriodMs } = options;
  const targets = targetsOf(cluster.facts, options);
  const job: Job = { targets, kubeconfig: cluster.kubeconfig, namespace, periodMs, timeoutMs, models, modelPeriodMs };
  return new Ledger(context, job, await cluster.place('ledger'), options.watches);
}

class Ledger implements WorkloadClient {
  readonly #context: ClientContext;
  readonly #job: Job;
  readonly #place: Place;
  readonly #writer: Running;
  readonly #reading: Promise<void>;
  readonly #pace: Pace;
  readonly #tried: ReadonlyMap<Target['store'], Set<string>>;
  /** Records that the API acknowledged. */
  readonly #acknowledged = new Set<string>();
  readonly #watches: boolean;
  /** The wall clock when the run's clock was at 0. */
  readonly #wallZeroMs: number;
  readonly #lastWords: string[] = [];
  #lastLineMs: number;
  #death: { readonly atMs: number; readonly because: string } | null = null;
  #stopping: Promise<void> | null = null;
  #finishing: Promise<void> | null = null;
  #watching: Watching | null = null;

  constructor(context: ClientContext, job: Job, place: Place, watches: boolean) {
    this.#context = context;
    this.#watches = watches;
    this.#job = job;
    this.#place = place;
    this.#wallZeroMs = Date.now() - context.now();
    this.#lastLineMs = context.now();
    this.#pace = new Pace(
      job.targets.map(({ name }) => name),
      job.periodMs,
    );
    this.#tried = new Map([
      ['api', new Set()],
      ['data', new Set()],
    ]);
    this.#writer = place.spawn(talkingArgv('writer', job), { signal: context.signal });
    this.#reading = this.#read();
  }

  async #read(): Promise<void> {
    let because: string;
    try {
      for await (const text of this.#writer.lines) this.#take(text);
      because = `the writer ended with exit code ${String((await this.#writer.done).exitCode)}`;
    } catch (error) {
      because = `the writer cannot be read: ${messageOf(error)}`;
    }
    if (this.#stopping !== null) return;
    const atMs = this.#context.now();
    const said = this.#lastWords.length > 0 ? `; it said: ${this.#lastWords.join(' | ')}` : '';
    this.#death = { atMs, because: `${because}${said}` };
    this.#gap(this.#lastLineMs, atMs, this.#death.because);
  }

  #take(text: string): void {
    const line = jsonOf(text);
    const written = writtenLine.safeParse(line);
    // It says what it did: a write of the ledger does not, and is always one.
    const done = written.success ? { action: 'write' as const, ...written.data } : operatedLine.safeParse(line).data;
    if (done !== undefined) {
      const { startWallMs, endWallMs, ...rest } = done;
      this.#did({ kind: 'op', ...rest, startMs: this.#fromWall(startWallMs), endMs: this.#fromWall(endWallMs) });
      return;
    }
    const skipped = skippedLine.safeParse(line);
    if (skipped.success) {
      const atMs = this.#fromWall(skipped.data.atWallMs);
      this.#gap(atMs, atMs + this.#job.periodMs, `every client of ${skipped.data.skipped} waits for an answer`);
      return;
    }
    this.#lastWords.push(text.slice(0, 500));
    if (this.#lastWords.length > 8) this.#lastWords.shift();
  }

  #did(event: OpEvent): void {
    const { action, target, key, outcome } = event;
    const store = this.#job.targets.find(({ name }) => name === target)?.store;
    if (store !== undefined) this.#tried.get(store)?.add(key);
    if (action === 'write') {
      if (store === 'api' && outcome === 'ok') this.#acknowledged.add(key);
      this.#pace.add(event);
    }
    this.#lastLineMs = this.#context.now();
    this.#context.record(event);
  }

  #fromWall(wallMs: number): number {
    return wallMs - this.#wallZeroMs;
  }

  #gap(startMs: number, endMs: number, because: string): void {
    this.#context.record({ kind: 'gap', probe: 'ledger', startMs, endMs, because });
  }

  async untilSteady(signal: AbortSignal): Promise<void> {
    let saw = 'nothing yet';
    const look = () => {
      if (this.#death) throw new HarnessError('load-too-low', `The ledger's writer ended: ${this.#death.because}`);
      const lacking = this.#pace.lacking(this.#context.now());
      if (lacking === null) return yes(undefined);
      saw = lacking;
      return notYet(lacking);
    };
    try {
      await eventually(
        "the ledger's writes to be acknowledged",
        { withinMs: steadyWithinMs, everyMs: 100, signal },
        look,
      );
    } catch (error) {
      // A limit that the caller set says nothing of what was missing.
      const limit = signal.aborted && signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
      if (!limit) throw error;
      const sentence = `The ledger's writes were not acknowledged at their rate in time; last seen: ${saw}`;
      throw new HarnessError('timed-out', sentence, { cause: error });
    }
    if (!this.#watches) return;
    // Only now: what an earlier run left is gone, and the first list is short.
    this.#watching ??= new Watching(this.#context, this.#job, this.#place, this.#wallZeroMs);
    await this.#watching.untilOpen(signal);
  }

  finish(signal: AbortSignal): Promise<void> {
    this.#finishing ??= this.#finish(signal);
    return this.#finishing;
  }

  async #finish(signal: AbortSignal): Promise<void> {
    await this.#stop(this.#job.timeoutMs + 2_000);
    const death = this.#death;
    if (death) this.#gap(death.atMs, this.#context.now(), death.because);
    // At once: with nothing written, silence is no sign of a dead connection any more.
    await this.#watching?.finish(this.#acknowledged, signal);
    await this.#readBack(signal);
  }

  /** Ends the writing; writes under way may still be answered for so long. */
  #stop(withinMs: number): Promise<void> {
    this.#stopping ??= (async () => {
      this.#writer.kill('SIGTERM');
      const limit = setTimeout(() => {
        this.#writer.kill('SIGKILL');
      }, withinMs);
      await this.#reading;
      clearTimeout(limit);
      await this.#writer[Symbol.asyncDispose]();
    })();
    return this.#stopping;
  }

  /** Asks each target until it answers, so that what is read is the recovered state; what never answers is a failed read. */
  async #readBack(signal: AbortSignal): Promise<void> {
    let left: readonly Target[] = this.#job.targets;
    let last: readonly Found[] = [];
    const read = async () => {
      last = await this.#readOnce(left, signal);
      for (const target of left) {
        const found = last.find((one) => one.target === target.name);
        if (found?.records !== undefined) this.#recordReads(target, found);
      }
      left = left.filter((target) => last.find((one) => one.target === target.name)?.records === undefined);
      if (left.length === 0) return yes(undefined);
      return notYet(last.map(({ target, error }) => `${target}: ${error ?? 'read'}`).join('; '));
    };
    try {
      await eventually('every record to be read back', { withinMs: readWithinMs, everyMs: 500, signal }, read);
    } catch (error) {
      for (const target of left) {
        const found = last.find((one) => one.target === target.name) ?? this.#unread(target, messageOf(error));
        this.#recordReads(target, found);
      }
      if (!(error instanceof HarnessError && error.code === 'timed-out')) throw error;
    }
  }

  #recordReads(target: Target, found: Found): void {
    const events = readEvents(target, found, this.#tried, (wallMs) => this.#fromWall(wallMs));
    for (const event of events) this.#context.record(event);
  }

  async #readOnce(targets: readonly Target[], signal: AbortSignal): Promise<readonly Found[]> {
    const job: Job = { ...this.#job, targets };
    const { stdout, stderr } = await this.#place.exec(programArgv('reader', job), { signal, allowFailure: true });
    const lines = stdout.split('\n').map((text) => readLine.safeParse(jsonOf(text)));
    const found = lines.flatMap((line) => (line.success ? [line.data] : []));
    const because = `the reader said nothing of it: ${stderr.slice(-300)}`;
    return targets.map((target) => found.find((one) => one.target === target.name) ?? this.#unread(target, because));
  }

  #unread({ name }: Target, error: string): Found {
    const nowWallMs = this.#wallZeroMs + this.#context.now();
    return { target: name, startWallMs: nowWallMs, endWallMs: nowWallMs, error };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watching?.[Symbol.asyncDispose]();
    await this.#stop(0);
  }
}
