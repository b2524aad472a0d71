import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import type { Place, Ran, Running } from '../model/cluster.ts';
import { HarnessError } from '../model/errors.ts';
import type { HistoryEvent, RequestEvent } from '../model/history.ts';
import type { Clock } from '../util/clock.ts';
import { startLoad, type LoadRun } from './driver.ts';

const wallStartMs = 1_000_000;

class FakeClock implements Clock {
  readonly startedAtMs = wallStartMs;
  nowMs = 0;
  now(): number {
    return this.nowMs;
  }
  stepMs(): number {
    return 0;
  }
  fromWall(wallMs: number): number {
    return wallMs - wallStartMs;
  }
}

/** Says what the test tells it to, and ends when told or disposed. */
class FakeK6 implements Running {
  readonly #lines: string[] = [];
  #wake: () => void = () => undefined;
  #ended: Ran | null = null;
  #end: (ran: Ran) => void = () => undefined;
  readonly done = new Promise<Ran>((resolve) => (this.#end = resolve));
  readonly lines = this.#read();

  say(...lines: readonly string[]): void {
    this.#lines.push(...lines);
    this.#wake();
  }

  die(exitCode: number): void {
    this.#ended = { stdout: '', stderr: '', exitCode };
    this.#end(this.#ended);
    this.#wake();
  }

  kill(): void {
    this.die(105);
  }

  [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) this.die(105);
    return Promise.resolve();
  }

  async *#read(): AsyncGenerator<string> {
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) yield line;
      else if (this.#ended) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

const good = '{"pod":"web-1","node":"w1"}';
/** Request `seq` of a path sent in that slot of a schedule of 40/s whose first slot is at 0 on the run's clock. */
const line = (path: string, seq: number, slot = seq, tookMs = 2, error?: readonly [number, string]): string => {
  const startMs = slot * 25;
  const answer = error ? [0, error[0], error[1], ''] : [200, 0, '', good];
  return JSON.stringify([path, 'new', seq, wallStartMs, wallStartMs + startMs, startMs, startMs + tookMs, ...answer]);
};
const lines = (path: string, from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => line(path, from + index));

describe('the load driver', () => {
  let directory: string;
  let clock: FakeClock;
  let k6: FakeK6;
  let events: HistoryEvent[];
  let argv: readonly string[];
  let load: LoadRun;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'shakedown-load-'));
    clock = new FakeClock();
    k6 = new FakeK6();
    events = [];
    const place: Place = {
      name: 'client',
      address: '198.18.0.250',
      exec: () => Promise.reject(new Error('not used')),
      spawn: (command) => {
        argv = command;
        return k6;
      },
    };
    load = await startLoad({
      place,
      paths: [
        { name: 'a', url: 'http://198.18.0.1/' },
        { name: 'b', url: 'http://198.18.0.2/' },
      ],
      profile: { rate: 40, timeout: '100ms', modes: ['new'] },
      clock,
      record: (event) => events.push(event),
      logDirectory: directory,
      signal: new AbortController().signal,
      k6: '/cache/k6',
      zoneOf: (node) => (node === 'w1' ? 'zone-a' : undefined),
    });
  });

  afterEach(async () => {
    await load[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  });

  const requests = (path: string): RequestEvent[] =>
    events.filter((event) => event.kind === 'request').filter((event) => event.path === path);
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const failure = async (promise: Promise<unknown>): Promise<HarnessError> => {
    const error: unknown = await promise.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof HarnessError)) throw new Error(`expected a HarnessError, found ${String(error)}`);
    return error;
  };

  it('runs k6 and records each request on the run’s clock', async () => {
    expect(argv).to.include('/cache/k6');
    k6.say(line('a', 0), line('a', 1, 1, 100, [1050, 'request timeout']));
    await settle();
    expect(requests('a')).to.deep.equal([
      {
        kind: 'request',
        path: 'a',
        mode: 'new',
        seq: 0,
        startMs: 0,
        endMs: 2,
        status: 200,
        ok: true,
        pod: 'web-1',
        node: 'w1',
        zone: 'zone-a',
      },
      {
        kind: 'request',
        path: 'a',
        mode: 'new',
        seq: 1,
        startMs: 25,
        endMs: 125,
        status: 0,
        ok: false,
        error: 'timeout',
      },
    ]);
  });

  it('waits for the last answers, and not for what is sent after the end', async () => {
    k6.say(...lines('a', 0, 40), ...lines('b', 0, 39));
    await settle();
    clock.nowMs = 980;
    const stopped = load.stop();
    k6.say(line('b', 39), line('b', 40), line('a', 40));
    expect(await stopped).to.deep.equal({ sent: 80, failed: 0, dropped: 0 });
    expect(requests('b').map(({ seq }) => seq)).to.deep.equal(Array.from({ length: 40 }, (_, seq) => seq));
    expect(events.some(({ kind }) => kind === 'gap')).to.equal(false);
  });

  it('records what k6 could not send as dropped, against the service', async () => {
    k6.say(
      ...lines('a', 0, 40),
      line('b', 0),
      line('b', 1, 3),
      ...lines('b', 2, 38).map((_, index) => line('b', 2 + index, 4 + index)),
    );
    await settle();
    clock.nowMs = 980;
    expect(await load.stop()).to.deep.equal({ sent: 78, failed: 0, dropped: 2 });
    const dropped = requests('b').filter(({ error }) => error === 'dropped');
    expect(dropped.map(({ seq, startMs, ok }) => ({ seq, startMs, ok }))).to.deep.equal([
      { seq: 38, startMs: 25, ok: false },
      { seq: 39, startMs: 50, ok: false },
    ]);
  });

  it('records a request that k6 never answered for as unanswered', async () => {
    k6.say(...lines('a', 0, 40), ...lines('b', 0, 10), ...lines('b', 11, 40));
    await settle();
    clock.nowMs = 980;
    expect(await load.stop()).to.deep.equal({ sent: 80, failed: 1, dropped: 0 });
    expect(requests('b').find(({ seq }) => seq === 10)).to.include({ ok: false, error: 'unanswered', startMs: 250 });
  });

  it('records a gap with the last words when k6 dies, and what was under way as unanswered', async () => {
    k6.say(...lines('a', 0, 40), ...lines('b', 0, 38), 'panic: out of memory');
    await settle();
    clock.nowMs = 990;
    k6.die(2);
    await settle();
    const because = 'k6 ended with exit code 2; it said: panic: out of memory';
    expect(events.at(-1)).to.deep.equal({ kind: 'gap', probe: 'load', startMs: 0, endMs: 990, because });
    clock.nowMs = 5_000;
    expect(await load.stop()).to.deep.equal({ sent: 80, failed: 2, dropped: 0 });
    expect(events).to.deep.include({ kind: 'gap', probe: 'load', startMs: 990, endMs: 5_000, because });
    expect(requests('b').filter(({ error }) => error === 'unanswered')).to.have.length(2);
    expect(readFileSync(join(directory, 'k6.log'), 'utf8')).to.equal('panic: out of memory\n');
    const { code, message } = await failure(load.untilSteady(10, new AbortController().signal));
    expect(code).to.equal('load-too-low');
    expect(message).to.include('panic: out of memory');
  });

  it('is steady when every path has its rate', async () => {
    k6.say(...lines('a', 0, 80), ...lines('b', 0, 80));
    await settle();
    clock.nowMs = 2_000;
    await load.untilSteady(10, new AbortController().signal);
  });

  it('tells a load that is too low from a service that fails', async () => {
    k6.say(...lines('a', 0, 80), ...lines('b', 0, 60));
    await settle();
    clock.nowMs = 2_000;
    const low = await failure(load.untilSteady(10, new AbortController().signal));
    expect(low.code).to.equal('load-too-low');
    expect(low.message).to.include('a (new) 40.0/s of 40/s, 0 failed; b (new) 30.0/s of 40/s, 0 failed');
    k6.say(...lines('b', 60, 79), line('b', 79, 79, 5, [1212, 'dial: connection refused']));
    await settle();
    const failing = await failure(load.untilSteady(10, new AbortController().signal));
    expect(failing.code).to.equal('timed-out');
    expect(failing.message).to.include('b (new) 40.0/s of 40/s, 1 failed (refused)');
  });

  it('gives the same totals when stopped twice', async () => {
    k6.say(line('a', 0), line('b', 0));
    await settle();
    const first = await load.stop();
    const recorded = events.length;
    expect(await load.stop()).to.equal(first);
    expect(events).to.have.length(recorded);
  });
});
