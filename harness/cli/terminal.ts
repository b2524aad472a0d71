import { stripVTControlCharacters } from 'node:util';

import { createColors } from 'picocolors';

import { formatMs } from '../model/duration.ts';
import type { RunObserver } from '../run/index.ts';

/** Where the status goes: standard error, so that standard output carries results alone. */
export interface StatusStream {
  write(text: string): unknown;
  readonly columns?: number;
}

export interface TerminalOptions {
  /** One line that is replaced in place; otherwise each step is a line of its own with the time of day. */
  readonly live: boolean;
  readonly color: boolean;
  readonly now?: () => number;
}

const redrawMs = 250;
/** In a log, a long step says how far it is this often and no more. */
const plainEveryMs = 5_000;
const clearLine = '\r\x1b[K';

/** Follows a run on a terminal or in a log. */
export class Terminal implements RunObserver, Disposable {
  readonly #stream: StatusStream;
  readonly #options: TerminalOptions;
  readonly #now: () => number;
  readonly #startMs: number;
  #phase: { readonly name: string; detail: string; readonly startMs: number } | null = null;
  #line = '';
  #saidMs = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: StatusStream, options: TerminalOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#startMs = this.#now();
    if (options.live)
      this.#timer = setInterval(() => {
        this.#draw();
      }, redrawMs).unref();
  }

  phase(name: string, detail: string): void {
    this.#finishPhase();
    this.#phase = { name, detail, startMs: this.#now() };
    this.#line = '';
    this.#saidMs = -Infinity;
    if (this.#options.live) this.#draw();
    else this.#plain(detail === '' ? name : `${name}: ${detail}`);
  }

  note(line: string): void {
    if (this.#options.live) this.#stream.write(`${clearLine}  ${line}\n`);
    else this.#plain(line);
    this.#draw();
  }

  progress(line: string): void {
    if (line === this.#line) return;
    this.#line = line;
    if (this.#options.live) this.#draw();
    else if (this.#now() - this.#saidMs >= plainEveryMs) {
      this.#saidMs = this.#now();
      this.#plain(line);
    }
  }

  /** Ends the status line, so that what is printed next starts on a line of its own. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#finishPhase();
    if (this.#options.live) this.#stream.write(clearLine);
    this.#phase = null;
    this.#line = '';
  }

  #finishPhase(): void {
    if (this.#phase === null || !this.#options.live) return;
    const { name, detail, startMs } = this.#phase;
    const { dim, bold } = createColors(this.#options.color);
    const took = formatMs(this.#now() - startMs);
    this.#stream.write(`${clearLine}${dim(took.padStart(9))}  ${bold(name.padEnd(10))} ${detail}\n`);
  }

  #plain(line: string): void {
    const time = new Date().toISOString().slice(11, 19);
    this.#stream.write(`${time} ${stripVTControlCharacters(line)}\n`);
  }

  #draw(): void {
    if (!this.#options.live || (this.#phase === null && this.#line === '')) return;
    const { cyan } = createColors(this.#options.color);
    const text = [this.#phase?.name, this.#line || this.#phase?.detail].filter(Boolean).join(' · ');
    // One column less than there are: a full line would wrap, and a wrapped line cannot be replaced.
    const room = Math.max(20, (this.#stream.columns ?? 80) - 1) - 11;
    const shown = Array.from(stripVTControlCharacters(text)).slice(0, room).join('');
    this.#stream.write(`${clearLine}${cyan(clockOf(this.#now() - this.#startMs).padStart(9))}  ${shown}`);
  }
}

/** The terminal of this process: live only where a person watches; NO_COLOR and CI are respected. */
export function processTerminal(): Terminal {
  const { stderr, env } = process;
  return new Terminal(stderr, { live: stderr.isTTY && !onCi(env), color: wantsColor(stderr.isTTY, env) });
}

/** Whether to color what goes to a stream (https://no-color.org: any non-empty NO_COLOR says no). */
export function wantsColor(isTTY: boolean, env: NodeJS.ProcessEnv): boolean {
  return isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** `1:07` for 67 seconds. */
function clockOf(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, '0')}`;
}

const onCi = (env: NodeJS.ProcessEnv): boolean => Boolean(env['CI']) && env['CI'] !== 'false';
