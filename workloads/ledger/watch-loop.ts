import { setTimeout as sleep } from 'node:timers/promises';

import { Client } from './attempt.ts';
import { wallMs, type Target, type Watched } from './job.ts';
import type { Credentials } from './kubeconfig.ts';
import { listingOf, listPage, toldOf, watchUrl, type Listing } from './watch-protocol.ts';
import { readStream } from './watch-stream.ts';

export interface WatchLoop {
  readonly target: Target;
  readonly namespace: string;
  readonly secure: Credentials | null;
  readonly signal: AbortSignal;
  readonly told: (line: Watched) => void;
  /** Records come many times a second: silence of that length is a dead connection. 5 s by default. */
  readonly idleMs?: number;
  /** Between two attempts; 250 ms by default. */
  readonly againMs?: number;
}

const listTimeoutMs = 10_000;
/** Of 500 records each. */
const maxPages = 2_000;

/**
 * A client as an informer is one: lists once, watches from there on, resumes from the version that it was told last when its
 * connection breaks, and lists again when the server says 410 Gone. Resolves after the signal.
 */
export async function watchLoop(loop: WatchLoop): Promise<void> {
  const { signal, againMs = 250 } = loop;
  const watcher = new Watcher(loop);
  while (!signal.aborted) {
    await watcher.once();
    await sleep(againMs, undefined, { signal }).catch(() => undefined);
  }
}

class Watcher {
  readonly #loop: WatchLoop;
  readonly #versions = new Map<string, string>();
  #stream = 0;
  /** Where to resume; null when only a list can tell. */
  #version: string | null = null;
  #failures = 0;
  #failure = '';

  constructor(loop: WatchLoop) {
    this.#loop = loop;
  }

  async once(): Promise<void> {
    if (this.#version === null) await this.#list();
    if (this.#version !== null) await this.#watch(this.#version);
  }

  async #list(): Promise<void> {
    const { target, secure, signal } = this.#loop;
    const client = new Client(`${target.name}-lister`, secure);
    try {
      const items: Listing['items'][] = [];
      let after: string | undefined;
      for (let pages = 0; pages < maxPages && !signal.aborted; pages += 1) {
        const answer = await client.call(listPage(this.#loop, after), listTimeoutMs);
        const page = listingOf(answer);
        if ('failed' in page) {
          this.#fail(page.failed);
          return;
        }
        items.push(page.items);
        after = page.after;
        if (after === undefined) {
          this.#tellList(page.version, items.flat());
          return;
        }
      }
    } finally {
      client.close();
    }
  }

  #tellList(version: string, items: Listing['items']): void {
    this.#tell('list', { version, detail: `${String(items.length)} objects${this.#tries()}` });
    for (const item of items) {
      if (this.#versions.get(item.key) === item.version) continue;
      this.#versions.set(item.key, item.version);
      this.#tell('listed', item);
    }
    this.#version = version;
  }

  async #watch(from: string): Promise<void> {
    const { secure, signal, idleMs = 5_000 } = this.#loop;
    const ended = new AbortController();
    let [opened, expired, refused] = [false, false, ''];
    const { status, because } = await readStream({
      url: watchUrl(this.#loop, from),
      secure,
      idleMs,
      signal: AbortSignal.any([signal, ended.signal]),
      opened: () => {
        opened = true;
        this.#stream += 1;
        const tries = this.#tries();
        this.#tell('opened', { version: from, ...(tries === '' ? {} : { detail: tries }) });
      },
      line: (text) => {
        // What was read together with the end is not told any more.
        if (ended.signal.aborted || signal.aborted) return;
        const told = toldOf(text);
        if ('refused' in told) {
          refused = told.refused;
          expired = told.code === 410;
          ended.abort();
          return;
        }
        const { type, version, key } = told;
        this.#version = version;
        if (key !== undefined) this.#versions.set(key, version);
        this.#tell(type, { version, ...(key === undefined ? {} : { key }) });
      },
    });
    if (signal.aborted) {
      if (opened) this.#tell('ended', {});
      return;
    }
    const detail = refused === '' ? because : refused;
    if (status === 410 || expired) {
      this.#version = null;
      this.#tell('expired', { version: from, detail });
    } else if (opened) this.#tell('closed', { detail });
    else this.#fail(detail);
  }

  #fail(because: string): void {
    this.#failures += 1;
    this.#failure = because.slice(0, 200);
  }

  /** What was tried in vain since the last success; empty when nothing was. */
  #tries(): string {
    const tries = this.#failures === 0 ? '' : `after ${String(this.#failures)} failed, the last: ${this.#failure}`;
    this.#failures = 0;
    return tries;
  }

  #tell(type: Watched['type'], rest: Pick<Watched, 'key' | 'version' | 'detail'>): void {
    const stream = type === 'list' || type === 'listed' ? this.#stream + 1 : this.#stream;
    this.#loop.told({ watch: this.#loop.target.name, stream, atWallMs: wallMs(), type, ...rest });
  }
}
