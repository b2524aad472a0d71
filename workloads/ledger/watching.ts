import type { Place } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { ClientContext } from '../../harness/model/workload.ts';
import { eventually, notYet, yes } from '../../harness/util/eventually.ts';
import { watchedLine, type Job } from './job.ts';
import { jsonOf } from './program.ts';
import { Talker } from './talker.ts';

const openWithinMs = 30_000;
/** How long what was acknowledged may take to be told, once the writing has ended. */
const tellWithinMs = 10_000;

/** The watcher of the records, in the ledger's place; what it is told goes into the history. */
export class Watching implements AsyncDisposable {
  readonly #context: ClientContext;
  readonly #watcher: Talker;
  /** The keys that each target has told of, from its first stream on. */
  readonly #known: ReadonlyMap<string, Set<string>>;
  readonly #opened = new Set<string>();

  constructor(context: ClientContext, job: Job, place: Place) {
    this.#context = context;
    const targets = job.targets.filter(({ store }) => store === 'api');
    this.#known = new Map(targets.map(({ name }) => [name, new Set()]));
    const take = (text: string): boolean => this.#take(text);
    this.#watcher = new Talker({ context, place, job, name: 'watcher', probe: 'watcher', take });
  }

  #take(text: string): boolean {
    const line = watchedLine.safeParse(jsonOf(text));
    if (!line.success) return false;
    const { watch: target, atWallMs, ...rest } = line.data;
    if (rest.type === 'opened') this.#opened.add(target);
    if (rest.key !== undefined) this.#known.get(target)?.add(rest.key);
    this.#context.record({ kind: 'watch', target, atMs: this.#watcher.fromWall(atWallMs), ...rest });
    return true;
  }

  /** Resolves when every target is watched through. @throws HarnessError `timed-out` | `load-too-low` */
  async untilOpen(signal: AbortSignal): Promise<void> {
    const every = { withinMs: openWithinMs, everyMs: 50, signal };
    await eventually('the watches of the ledger to be open', every, () => {
      this.#watcher.check();
      const closed = [...this.#known.keys()].filter((target) => !this.#opened.has(target));
      return closed.length === 0 ? yes(undefined) : notYet(`no watch through ${closed.join(', ')}`);
    });
  }

  /** Ends the watching when every target has told of these keys, or has had enough time to; which one the history shows. */
  async finish(acknowledged: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const every = { withinMs: tellWithinMs, everyMs: 100, signal };
    try {
      await eventually('every acknowledged write to be told', every, () => {
        if (this.#watcher.isDead) return yes(undefined);
        const behind = [...this.#known].filter(([, keys]) => ![...acknowledged].every((key) => keys.has(key)));
        return behind.length === 0 ? yes(undefined) : notYet(behind.map(([target]) => target).join(', '));
      });
    } catch (error) {
      if (!(error instanceof HarnessError && error.code === 'timed-out')) throw error;
    }
    await this.#watcher.finish(2_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watcher[Symbol.asyncDispose]();
  }
}
