import { readFileSync } from 'node:fs';
import { setInterval } from 'node:timers';

import { HarnessError } from '../model/errors.ts';
import type { GapEvent, HistoryEvent } from '../model/history.ts';
import type { Clock } from '../util/clock.ts';

const everyMs = 100;
const windowMs = 500;
/** Less than this share of the processors' time left over is none. */
const leftShare = 0.02;
/** So many tasks for each processor, running or waiting to: nine nodes under load on two processors have two. */
const tasksEach = 4;
/** When more than this share of their time goes to other machines, a task that is due may wait for longer than a sample may be late. */
const mostStolen = 0.2;

/** What Linux says of all processors together (proc(5), /proc/stat). */
export interface ProcessorLook {
  readonly atMs: number;
  /** Ticks since the boot, of all processors. */
  readonly ticks: number;
  /** Those of them in which a processor had nothing to do. */
  readonly idleTicks: number;
  /** Those that the hypervisor gave to other machines although this one wanted them. */
  readonly stolenTicks: number;
  readonly processors: number;
  /** Tasks that run or wait for a processor at this moment. */
  readonly running: number;
}

/** @throws HarnessError `not-here` when the text is not what Linux writes */
export function parseStat(text: string, atMs: number): ProcessorLook {
  const all = /^cpu +(.+)$/m.exec(text)?.[1]?.split(' ').map(Number);
  const running = /^procs_running (\d+)$/m.exec(text)?.[1];
  if (all === undefined || running === undefined)
    throw new HarnessError('not-here', '/proc/stat: expected the lines cpu and procs_running of Linux, found neither');
  // The guests' time, the last two fields, is in the first two already.
  const [user = 0, nice = 0, system = 0, idle = 0, ioWait = 0, irq = 0, softIrq = 0, steal = 0] = all;
  return {
    atMs,
    ticks: user + nice + system + idle + ioWait + irq + softIrq + steal,
    idleTicks: idle + ioWait,
    stolenTicks: steal,
    processors: text.match(/^cpu\d+ /gm)?.length ?? 1,
    running: Number(running),
  };
}

/**
 * How many tasks wanted each processor from the first look to the last, when there was nothing left of the processors; else null.
 * What waited then is worked off later: until the queue is short, it goes on.
 */
export function starvedBy(looks: readonly ProcessorLook[], before = false): number | null {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined || last.ticks === first.ticks) return null;
  const left = (last.idleTicks - first.idleTicks) / (last.ticks - first.ticks);
  const each = looks.reduce((sum, { running }) => sum + running, 0) / looks.length / last.processors;
  return (before || left <= leftShare) && each >= tasksEach ? each : null;
}

/** The share of the processors' time that other machines took from the first look to the last, when it was too much; else null. */
export function stolenFrom(looks: readonly ProcessorLook[]): number | null {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined || last.ticks === first.ticks) return null;
  const share = (last.stolenTicks - first.stolenTicks) / (last.ticks - first.ticks);
  return share > mostStolen ? share : null;
}

/** A time of trouble, told in pieces, so that who judges meanwhile knows of all but the last of it. */
class Trouble {
  readonly #tell: (startMs: number, endMs: number, because: string) => void;
  #toldMs = -Infinity;
  #piece: { readonly startMs: number; readonly endMs: number; readonly because: string } | null = null;

  constructor(tell: (startMs: number, endMs: number, because: string) => void) {
    this.#tell = tell;
  }

  /** A window shows it. Windows overlap: what was told of an earlier one is not told again. */
  goesOn(startMs: number, endMs: number, because: string): void {
    this.#piece = { startMs: this.#piece?.startMs ?? Math.max(startMs, this.#toldMs), endMs, because };
    if (endMs - this.#piece.startMs >= windowMs) this.end();
  }

  end(): void {
    if (this.#piece === null) return;
    const { startMs, endMs, because } = this.#piece;
    this.#tell(startMs, endMs, because);
    this.#toldMs = endMs;
    this.#piece = null;
  }
}

/**
 * Finds the times in which the processors had nothing left and many tasks waited for them, gaps of the probe `processors`, and those
 * in which the hypervisor gave them to other machines, of the probe `steal`. Each look ends a window of half a second, so that half a
 * second without processors is found at whatever moment it began.
 */
export class ProcessorWatch {
  readonly #starving: Trouble;
  readonly #stealing: Trouble;
  readonly #looks: ProcessorLook[] = [];
  #starved = false;

  constructor(record: (gap: GapEvent) => void) {
    const gapOf = (probe: string) => (startMs: number, endMs: number, because: string) => {
      record({ kind: 'gap', probe, startMs, endMs, because });
    };
    this.#starving = new Trouble(gapOf('processors'));
    this.#stealing = new Trouble(gapOf('steal'));
  }

  take(last: ProcessorLook): void {
    const looks = this.#looks;
    looks.push(last);
    while (last.atMs - (looks[1]?.atMs ?? Infinity) >= windowMs) looks.shift();
    const startMs = looks[0]?.atMs ?? last.atMs;
    if (last.atMs - startMs < windowMs) return;
    const each = starvedBy(looks, this.#starved);
    this.#starved = each !== null;
    if (each === null) this.#starving.end();
    else {
      const because = `this machine's processors had nothing left: ${each.toFixed(0)} tasks wanted each of them`;
      this.#starving.goesOn(startMs, last.atMs, because);
    }
    const stolen = stolenFrom(looks);
    if (stolen === null) this.#stealing.end();
    else {
      const because = `other machines took ${(100 * stolen).toFixed(0)} % of this machine's processors`;
      this.#stealing.goesOn(startMs, last.atMs, because);
    }
  }

  end(): void {
    this.#starving.end();
    this.#stealing.end();
  }
}

/** Watches the processors of this machine, which nodes share with the load that is driven at them and with whatever else runs here. */
export function monitorProcessors(
  clock: Clock,
  record: (event: HistoryEvent) => void,
  read: () => string = () => readFileSync('/proc/stat', 'utf8'),
): Disposable {
  const watch = new ProcessorWatch(record);
  const timer = setInterval(() => {
    watch.take(parseStat(read(), clock.now()));
  }, everyMs);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      watch.end();
    },
  };
}
