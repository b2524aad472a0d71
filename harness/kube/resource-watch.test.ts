import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import type { GapEvent, StateEvent } from '../model/history.ts';
import { eventually, notYet, yes } from '../util/eventually.ts';
import { ApiError } from './api-error.ts';
import type { KubeClient } from './client.ts';
import type { KubeObject } from './object.ts';
import { ResourceWatch } from './resource-watch.ts';

const source = { object: 'Thing', path: '/things', reduce: (each: KubeObject) => ({ size: each['size'] as number }) };
const times = { watchSeconds: 60, confirmEveryMs: 20, confirmWithinMs: 200, catchUpMs: 60, blindAfterMs: 100 };

/** A server of one collection; its watches can be made deaf, broken or too old. */
class FakeServer implements KubeClient {
  readonly server = 'fake';
  /** Accepts changes but no longer delivers them to watches that are open. */
  deaf = false;
  answers = true;
  expired = false;
  opened = 0;
  #version = 1;
  #items = new Map<string, KubeObject>();
  #log: { readonly version: number; readonly line: string }[] = [];
  #breaks = new AbortController();

  put(uid: string, size: number): void {
    this.#version += 1;
    const metadata = { uid, name: uid, resourceVersion: String(this.#version) };
    const type = this.#items.has(uid) ? 'MODIFIED' : 'ADDED';
    this.#items.set(uid, { metadata, size });
    this.#log.push({ version: this.#version, line: JSON.stringify({ type, object: { metadata, size } }) });
  }

  breakWatches(): void {
    this.#breaks.abort();
    this.#breaks = new AbortController();
  }

  request(): Promise<unknown> {
    if (!this.answers) return Promise.reject(new ApiError('list', 0, '', 'connection refused'));
    return Promise.resolve({ metadata: { resourceVersion: String(this.#version) }, items: [...this.#items.values()] });
  }

  lines(
    _: string,
    { query = {}, signal }: { readonly query?: Readonly<Record<string, string>>; readonly signal: AbortSignal },
  ): Promise<AsyncIterable<string>> {
    if (!this.answers) return Promise.reject(new ApiError('watch', 0, '', 'connection refused'));
    this.opened += 1;
    // Every new watch hears; being deaf is the lot of those that were open.
    if (this.opened > 1) this.deaf = false;
    return Promise.resolve(
      this.#watch(Number(query['resourceVersion']), AbortSignal.any([signal, this.#breaks.signal])),
    );
  }

  async *#watch(from: number, signal: AbortSignal): AsyncGenerator<string> {
    if (this.expired) {
      this.expired = false;
      yield JSON.stringify({ type: 'ERROR', object: { code: 410, message: 'too old', metadata: {} } });
      return;
    }
    for (let sent = from; ;) {
      if (signal.aborted) throw new ApiError('watch', 0, '', 'connection reset');
      for (const { version, line } of this.deaf ? [] : this.#log.filter((each) => each.version > sent)) {
        sent = version;
        yield line;
      }
      await sleep(5);
    }
  }

  text(): Promise<string> {
    throw new Error('not asked for');
  }
  close(): void {
    this.deaf = true;
  }
}

describe('ResourceWatch', () => {
  let server: FakeServer;
  let events: (StateEvent | GapEvent)[];
  let end: () => Promise<void>;

  beforeEach(async () => {
    server = new FakeServer();
    server.put('a', 1);
    events = [];
    const startMs = performance.now();
    const context = {
      client: server,
      now: () => performance.now() - startMs,
      record: (event: StateEvent | GapEvent) => {
        events.push(event);
      },
    };
    const watch = new ResourceWatch(source, context, times);
    const stopping = new AbortController();
    await watch.start(stopping.signal);
    const running = watch.run(stopping.signal);
    end = async () => {
      await watch.finish();
      stopping.abort();
      await running;
    };
    await seen(() => server.opened === 1);
  });

  const seen = (condition: () => boolean): Promise<undefined> =>
    eventually('the condition', { withinMs: 1_500, everyMs: 5 }, () =>
      condition() ? yes(undefined) : notYet(JSON.stringify(events)),
    );
  const told = (): readonly string[] =>
    events.map((event) =>
      event.kind === 'gap' ? 'gap' : `${event.change} ${event.name} ${JSON.stringify(event.value)}`,
    );

  it('records the first list and then what changes', async () => {
    server.put('a', 2);
    server.put('a', 2);
    server.put('b', 1);
    await seen(() => events.length === 3);
    await end();
    expect(told()).to.deep.equal(['added a {"size":1}', 'modified a {"size":2}', 'added b {"size":1}']);
  });

  it('notices a watch that is silently dead, and says from when', async () => {
    server.deaf = true;
    server.put('a', 2);
    await seen(() => told().includes('gap'));
    await end();
    expect(told()).to.include('modified a {"size":2}');
    const gap = events.find((event) => event.kind === 'gap');
    expect(gap).to.include({ probe: 'recorder/Thing' });
    expect(gap!.because).to.include('the watch is behind: a has version 3');
  });

  it('resumes a broken watch without a gap when nothing was missed', async () => {
    server.breakWatches();
    await seen(() => server.opened === 2);
    await sleep(60);
    server.put('b', 1);
    await seen(() => told().includes('added b {"size":1}'));
    await end();
    expect(told()).to.not.include('gap');
  });

  it('makes a gap of what changed while the API was away', async () => {
    server.answers = false;
    server.breakWatches();
    server.put('a', 5);
    await sleep(50);
    server.answers = true;
    await seen(() => told().includes('gap'));
    await end();
    expect(told()).to.include('modified a {"size":5}');
  });

  it('lists again when its versions have expired', async () => {
    server.expired = true;
    server.breakWatches();
    server.put('c', 1);
    await seen(() => told().includes('added c {"size":1}'));
    await seen(() => told().includes('gap'));
    await end();
  });

  it('ends with a gap when the API can no longer be asked', async () => {
    server.answers = false;
    await end();
    expect(told().at(-1)).to.equal('gap');
  });
});
