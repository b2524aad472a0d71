import type { Place } from '../../harness/model/cluster.ts';
import { HarnessError, messageOf } from '../../harness/model/errors.ts';
import type { OpEvent } from '../../harness/model/history.ts';
import type { ClientContext, WorkloadClient } from '../../harness/model/workload.ts';
import { eventually, notYet, yes } from '../../harness/util/eventually.ts';
import { operatedLine, readLine, skippedLine, writtenLine, type Job, type Target } from './job.ts';
import type { LedgerOptions } from './options.ts';
import { Pace } from './pace.ts';
import { jsonOf, programArgv } from './program.ts';
import { onRunsClock, readEvents, type Read } from './read-back.ts';
import { Talker, wallZero } from './talker.ts';
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
  readonly #writer: Talker;
  readonly #pace: Pace;
  readonly #tried: ReadonlyMap<Target['store'], Set<string>>;
  /** Records that the API acknowledged. */
  readonly #acknowledged = new Set<string>();
  readonly #watches: boolean;
  #finishing: Promise<void> | null = null;
  #watching: Watching | null = null;

  constructor(context: ClientContext, job: Job, place: Place, watches: boolean) {
    this.#context = context;
    this.#watches = watches;
    this.#job = job;
    this.#place = place;
    this.#pace = new Pace(
      job.targets.map(({ name }) => name),
      job.periodMs,
    );
    this.#tried = new Map([
      ['api', new Set()],
      ['data', new Set()],
    ]);
    const take = (text: string): boolean => this.#take(text);
    this.#writer = new Talker({ context, place, job, name: 'writer', probe: 'ledger', take });
  }

  #take(text: string): boolean {
    const line = jsonOf(text);
    const written = writtenLine.safeParse(line);
    // It says what it did: a write of the ledger does not, and is always one.
    const done = written.success ? { action: 'write' as const, ...written.data } : operatedLine.safeParse(line).data;
    if (done !== undefined) {
      const { startWallMs, endWallMs, ...rest } = done;
      const [startMs, endMs] = [this.#writer.fromWall(startWallMs), this.#writer.fromWall(endWallMs)];
      this.#did({ kind: 'op', ...rest, startMs, endMs });
      return true;
    }
    const skipped = skippedLine.safeParse(line);
    if (!skipped.success) return false;
    const startMs = this.#writer.fromWall(skipped.data.atWallMs);
    const because = `every client of ${skipped.data.skipped} waits for an answer`;
    this.#context.record({ kind: 'gap', probe: 'ledger', startMs, endMs: startMs + this.#job.periodMs, because });
    return true;
  }

  #did(event: OpEvent): void {
    const { action, target, key, outcome } = event;
    const store = this.#job.targets.find(({ name }) => name === target)?.store;
    if (store !== undefined) this.#tried.get(store)?.add(key);
    if (action === 'write') {
      if (store === 'api' && outcome === 'ok') this.#acknowledged.add(key);
      this.#pace.add(event);
    }
    this.#context.record(event);
  }

  async untilSteady(signal: AbortSignal): Promise<void> {
    let saw = 'nothing yet';
    const look = () => {
      this.#writer.check();
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
    this.#watching ??= new Watching(this.#context, this.#job, this.#place);
    await this.#watching.untilOpen(signal);
  }

  finish(signal: AbortSignal): Promise<void> {
    this.#finishing ??= this.#finish(signal);
    return this.#finishing;
  }

  async #finish(signal: AbortSignal): Promise<void> {
    // Writes under way may still be answered for so long.
    await this.#writer.finish(this.#job.timeoutMs + 2_000);
    // At once: with nothing written, silence is no sign of a dead connection any more.
    await this.#watching?.finish(this.#acknowledged, signal);
    await this.#readBack(signal);
  }

  /** Asks each target until it answers, so that what is read is the recovered state; what never answers is a failed read. */
  async #readBack(signal: AbortSignal): Promise<void> {
    let left: readonly Target[] = this.#job.targets;
    let last: readonly Read[] = [];
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

  #recordReads(target: Target, found: Read): void {
    const events = readEvents(target, found, this.#tried);
    for (const event of events) this.#context.record(event);
  }

  async #readOnce(targets: readonly Target[], signal: AbortSignal): Promise<readonly Read[]> {
    const job: Job = { ...this.#job, targets };
    const zeroMs = wallZero(this.#context);
    const { stdout, stderr } = await this.#place.exec(programArgv('reader', job), { signal, allowFailure: true });
    const lines = stdout.split('\n').map((text) => readLine.safeParse(jsonOf(text)));
    const found = lines.flatMap((line) => (line.success ? [onRunsClock(line.data, zeroMs)] : []));
    const because = `the reader said nothing of it: ${stderr.slice(-300)}`;
    return targets.map((target) => found.find((one) => one.target === target.name) ?? this.#unread(target, because));
  }

  #unread({ name }: Target, error: string): Read {
    const nowMs = this.#context.now();
    return { target: name, startMs: nowMs, endMs: nowMs, error };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watching?.[Symbol.asyncDispose]();
    await this.#writer[Symbol.asyncDispose]();
  }
}
