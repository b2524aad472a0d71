import type { Place, Running } from '../../harness/model/cluster.ts';
import { HarnessError, messageOf } from '../../harness/model/errors.ts';
import type { ClientContext } from '../../harness/model/workload.ts';
import type { Job } from './job.ts';
import { talkingArgv } from './program.ts';

export interface Talk {
  readonly context: ClientContext;
  readonly place: Place;
  readonly job: Job;
  readonly name: 'writer' | 'watcher';
  /** The probe whose gap its death is. */
  readonly probe: string;
  /** Takes a line. @returns whether it is one that such a program prints; what is none may be its last words */
  readonly take: (text: string) => boolean;
}

const mostLastWords = 8;
const mostLetters = 500;

/** The wall clock when the run's clock was at 0, as it goes now: it may have been set since. */
export const wallZero = ({ now }: Pick<ClientContext, 'now'>): number => Date.now() - now();

/** A program of the ledger that runs and prints lines until it is told to end; a death of its own is a gap in the history. */
export class Talker implements AsyncDisposable {
  readonly #talk: Talk;
  readonly #program: Running;
  readonly #reading: Promise<void>;
  readonly #lastWords: string[] = [];
  /** The program's wall clock is steady from its start on. */
  readonly wallZeroMs: number;
  #lastLineMs: number;
  #death: { readonly atMs: number; readonly because: string } | null = null;
  #stopping: Promise<void> | null = null;

  constructor(talk: Talk) {
    const { context, place, job, name } = talk;
    this.#talk = talk;
    this.#lastLineMs = context.now();
    this.wallZeroMs = wallZero(context);
    this.#program = place.spawn(talkingArgv(name, job), { signal: context.signal });
    this.#reading = this.#read();
  }

  /** A time that the program printed, on the run's clock. */
  fromWall(wallMs: number): number {
    return wallMs - this.wallZeroMs;
  }

  get isDead(): boolean {
    return this.#death !== null;
  }

  /** @throws HarnessError `load-too-low` when it ended by itself */
  check(): void {
    if (this.#death !== null)
      throw new HarnessError('load-too-low', `The ledger's ${this.#talk.name} ended: ${this.#death.because}`);
  }

  async #read(): Promise<void> {
    const { context, name, take } = this.#talk;
    let because: string;
    try {
      for await (const text of this.#program.lines) {
        if (take(text)) this.#lastLineMs = context.now();
        else this.#keep(text);
      }
      because = `the ${name} ended with exit code ${String((await this.#program.done).exitCode)}`;
    } catch (error) {
      because = `the ${name} cannot be read: ${messageOf(error)}`;
    }
    if (this.#stopping !== null) return;
    const said = this.#lastWords.length > 0 ? `; it said: ${this.#lastWords.join(' | ')}` : '';
    this.#death = { atMs: context.now(), because: `${because}${said}` };
    this.#gap(this.#lastLineMs, this.#death.atMs);
  }

  #keep(text: string): void {
    this.#lastWords.push(text.slice(0, mostLetters));
    if (this.#lastWords.length > mostLastWords) this.#lastWords.shift();
  }

  #gap(startMs: number, endMs: number): void {
    const because = this.#death?.because ?? '';
    this.#talk.context.record({ kind: 'gap', probe: this.#talk.probe, startMs, endMs, because });
  }

  /** Ends it; what is under way may take so long. Since a death of its own, nothing was seen until now. */
  async finish(withinMs: number): Promise<void> {
    await this.#stop(withinMs);
    if (this.#death !== null) this.#gap(this.#death.atMs, this.#talk.context.now());
  }

  #stop(withinMs: number): Promise<void> {
    this.#stopping ??= (async () => {
      this.#program.kill('SIGTERM');
      const limit = setTimeout(() => {
        this.#program.kill('SIGKILL');
      }, withinMs);
      await this.#reading;
      clearTimeout(limit);
      await this.#program[Symbol.asyncDispose]();
    })();
    return this.#stopping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop(0);
  }
}
