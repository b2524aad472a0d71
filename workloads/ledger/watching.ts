import type { Place, Running } from '../../harness/model/cluster.ts';
import { HarnessError, messageOf } from '../../harness/model/errors.ts';
import type { ClientContext } from '../../harness/model/workload.ts';
import { eventually, notYet, yes } from '../../harness/util/eventually.ts';
import { watchedLine, type Job } from './job.ts';
import { jsonOf, talkingArgv } from './program.ts';

const openWithinMs = 30_000;
/** How long what was acknowledged may take to be told, once the writing has ended. */
const tellWithinMs = 10_000;

/** The watcher of the records, in the ledger's place; what it is told goes into the history. */
export class Watching implements AsyncDisposable {
  readonly #context: ClientContext;
  readonly #wallZeroMs: number;
  readonly #watcher: Running;
  readonly #reading: Promise<void>;
  /** The keys that each target has told of, from its first stream on. */
  readonly #known: ReadonlyMap<string, Set<string>>;
  readonly #opened = new Set<string>();
  readonly #lastWords: string[] = [];
  #lastLineMs: number;
  #death: { readonly atMs: number; readonly because: string } | null = null;
  #stopping: Promise<void> | null = null;

  /** @param wallZeroMs the wall clock when the run's clock was at 0 */
  constructor(context: ClientContext, job: Job, place: Place, wallZeroMs: number) {
    this.#context = context;
    this.#wallZeroMs = wallZeroMs;
    this.#lastLineMs = context.now();
    const targets = job.targets.filter(({ store }) => store === 'api');
    this.#known = new Map(targets.map(({ name }) => [name, new Set()]));
    this.#watcher = place.spawn(talkingArgv('watcher', job), { signal: context.signal });
    this.#reading = this.#read();
  }

  async #read(): Promise<void> {
    let because: string;
    try {
      for await (const text of this.#watcher.lines) this.#take(text);
      because = `the watcher ended with exit code ${String((await this.#watcher.done).exitCode)}`;
    } catch (error) {
      because = `the watcher cannot be read: ${messageOf(error)}`;
    }
    if (this.#stopping !== null) return;
    const said = this.#lastWords.length > 0 ? `; it said: ${this.#lastWords.join(' | ')}` : '';
    this.#death = { atMs: this.#context.now(), because: `${because}${said}` };
    this.#gap(this.#lastLineMs, this.#death.atMs);
  }

  #take(text: string): void {
    const line = watchedLine.safeParse(jsonOf(text));
    if (!line.success) {
      this.#lastWords.push(text.slice(0, 500));
      if (this.#lastWords.length > 8) this.#lastWords.shift();
      return;
    }
    const { watch: target, atWallMs, ...rest } = line.data;
    if (rest.type === 'opened') this.#opened.add(target);
    if (rest.key !== undefined) this.#known.get(target)?.add(rest.key);
    this.#lastLineMs = this.#context.now();
    this.#context.record({ kind: 'watch', target, atMs: atWallMs - this.#wallZeroMs, ...rest });
  }

  #gap(startMs: number, endMs: number): void {
    this.#context.record({ kind: 'gap', probe: 'watcher', startMs, endMs, because: this.#death?.because ?? '' });
  }

  /** Resolves when every target is watched through. @throws HarnessError `timed-out` | `load-too-low` */
  async untilOpen(signal: AbortSignal): Promise<void> {
    const every = { withinMs: openWithinMs, everyMs: 50, signal };
    await eventually('the watches of the ledger to be open', every, () => {
      if (this.#death !== null)
        throw new HarnessError('load-too-low', `The ledger's watcher ended: ${this.#death.because}`);
      const closed = [...this.#known.keys()].filter((target) => !this.#opened.has(target));
      return closed.length === 0 ? yes(undefined) : notYet(`no watch through ${closed.join(', ')}`);
    });
  }

  /** Ends the watching when every target has told of these keys, or has had enough time to; which one the history shows. */
  async finish(acknowledged: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const every = { withinMs: tellWithinMs, everyMs: 100, signal };
    try {
      await eventually('every acknowledged write to be told', every, () => {
        if (this.#death !== null) return yes(undefined);
        const behind = [...this.#known].filter(([, keys]) => ![...acknowledged].every((key) => keys.has(key)));
        return behind.length === 0 ? yes(undefined) : notYet(behind.map(([target]) => target).join(', '));
      });
    } catch (error) {
      if (!(error instanceof HarnessError && error.code === 'timed-out')) throw error;
    }
    await this.#stop(2_000);
    if (this.#death !== null) this.#gap(this.#death.atMs, this.#context.now());
  }

  #stop(withinMs: number): Promise<void> {
    this.#stopping ??= (async () => {
      this.#watcher.kill('SIGTERM');
      const limit = setTimeout(() => {
        this.#watcher.kill('SIGKILL');
      }, withinMs);
      await this.#reading;
      clearTimeout(limit);
      await this.#watcher[Symbol.asyncDispose]();
    })();
    return this.#stopping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop(0);
  }
}
