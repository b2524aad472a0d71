import { setTimeout as sleep } from 'node:timers/promises';

import { formatMs } from '../model/duration.ts';
import { messageOf } from '../model/errors.ts';
import type { GapEvent, StateEvent } from '../model/history.ts';
import { eventually, notYet, yes } from '../util/eventually.ts';
import { hasStatus } from './api-error.ts';
import type { KubeClient } from './client.ts';
import { Doubt } from './doubt.ts';
import type { Source } from './kinds.ts';
import { KnownObjects } from './known-objects.ts';
import { asList, type KubeList, type KubeObject } from './object.ts';

export interface WatchTimes {
  /** The server ends each watch after this time and it is opened again from its last version. */
  readonly watchSeconds: number;
  /** How often a list of versions proves that the watch delivered everything. */
  readonly confirmEveryMs: number;
  readonly confirmWithinMs: number;
  /** How long what a list shows may still be on its way. */
  readonly catchUpMs: number;
  /** Without a proof for this long, what comes cannot be trusted to be on time. */
  readonly blindAfterMs: number;
}

const usualTimes: WatchTimes = {
  watchSeconds: 60,
  confirmEveryMs: 3_000,
  confirmWithinMs: 4_000,
  catchUpMs: 1_000,
  blindAfterMs: 10_000,
};
const versionsOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

interface WatchLine {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject & { readonly code?: number; readonly message?: string };
}

/** The server no longer has the changes since the last version. */
class Expired extends Error {}

/** The watch did not deliver what a list shows. */
class Stale extends Error {}

export interface WatchContext {
  readonly client: KubeClient;
  now(): number;
  record(event: StateEvent | GapEvent): void;
}

/** Follows one collection: list, watch from there, list again when the versions have expired. */
export class ResourceWatch {
  readonly #source: Source;
  readonly #context: WatchContext;
  readonly #known: KnownObjects;
  readonly #doubt: Doubt;
  readonly #times: WatchTimes;
  #version = '';
  #stream = new AbortController();

  constructor(source: Source, context: WatchContext, times: WatchTimes = usualTimes) {
    this.#times = times;
    this.#source = source;
    this.#context = context;
    this.#known = new KnownObjects(source);
    this.#doubt = new Doubt(`recorder/${source.object}`, context.now(), (gap) => {
      context.record(gap);
    });
  }

  /** Takes the first list. @throws ApiError when the collection cannot be listed, which no retry would mend */
  async start(signal: AbortSignal): Promise<void> {
    await this.#list(signal);
    this.#doubt.confirm(this.#context.now(), this.#context.now());
  }

  /** Goes on until the signal ends it. */
  async run(signal: AbortSignal): Promise<void> {
    const ended = (error: unknown): void => {
      if (!signal.aborted) throw error;
    };
    await Promise.all([this.#follow(signal).catch(ended), this.#keepConfirming(signal).catch(ended)]);
  }

  /** Proves a last time that nothing is outstanding; what cannot be proved is a gap. */
  async finish(): Promise<void> {
    const failed = await this.#confirm(AbortSignal.timeout(this.#times.confirmWithinMs)).catch(messageOf);
    if (failed !== null) this.#doubt.raise(`the last look failed: ${failed}`);
    this.#doubt.end(this.#context.now());
  }

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#watchOnce(signal);
      } catch (error) {
        this.#doubt.raise(`the watch broke: ${messageOf(error)}`);
        await this.#recover(error, signal);
      }
    }
  }

  /** One watch, from the last version until the server ends it in due time. @throws Error when it ends otherwise */
  async #watchOnce(signal: AbortSignal): Promise<void> {
    this.#stream = new AbortController();
    const openedMs = this.#context.now();
    const limit = AbortSignal.timeout((this.#times.watchSeconds + 5) * 1_000);
    const lines = await this.#context.client.lines(this.#source.path, {
      query: {
        watch: 'true',
        allowWatchBookmarks: 'true',
        resourceVersion: this.#version,
        timeoutSeconds: String(this.#times.watchSeconds),
      },
      signal: AbortSignal.any([signal, limit, this.#stream.signal]),
    });
    for await (const line of lines) this.#take(JSON.parse(line) as WatchLine);
    const lastedMs = this.#context.now() - openedMs;
    if (lastedMs < (this.#times.watchSeconds - 1) * 1_000)
      throw new Error(`the server ended it after ${formatMs(lastedMs)}`);
  }

  #take({ type, object }: WatchLine): void {
    const atMs = this.#context.now();
    if (type === 'ERROR') {
      if (object.code === 410) throw new Expired(object.message);
      throw new Error(object.message ?? 'the server reported an error');
    }
    this.#version = object.metadata.resourceVersion;
    if (type === 'BOOKMARK') return;
    this.#doubt.delivered(atMs);
    const change = type === 'DELETED' ? this.#known.remove(object.metadata.uid, object) : this.#known.upsert(object);
    if (change !== null) this.#context.record({ ...change, atMs });
  }

  /** After a break: from the last version if the server still has it, else from a new list. */
  async #recover(error: unknown, signal: AbortSignal): Promise<void> {
    // Without a pause a server that ends every watch at once would be asked as fast as it answers.
    await sleep(100, undefined, { signal });
    const listAgain = error instanceof Expired || error instanceof Stale || hasStatus(error, 410);
    await eventually(
      `the API to be watched for ${this.#source.object}`,
      { withinMs: Number.POSITIVE_INFINITY, everyMs: 250, signal, transient: () => !signal.aborted },
      async () => {
        if (listAgain) await this.#list(signal);
        // A watch opens even where nothing can be read; a list does not.
        else await this.#versions(signal);
        return yes(undefined);
      },
    );
  }

  async #list(signal: AbortSignal): Promise<void> {
    const list = asList(await this.#context.client.request(this.#source.path, { signal }));
    const atMs = this.#context.now();
    const changes = this.#known.replace(list);
    if (changes.length > 0) this.#doubt.delivered(atMs);
    for (const change of changes) this.#context.record({ ...change, atMs });
    this.#version = list.metadata.resourceVersion;
  }

  async #versions(signal: AbortSignal): Promise<KubeList> {
    const options = { accept: versionsOnly, timeoutMs: this.#times.confirmWithinMs, signal };
    return asList(await this.#context.client.request(this.#source.path, options));
  }

  async #keepConfirming(signal: AbortSignal): Promise<void> {
    await eventually(
      `the end of the watch of ${this.#source.object}`,
      { withinMs: Number.POSITIVE_INFINITY, everyMs: this.#times.confirmEveryMs, signal },
      async () => {
        const failed = await this.#confirm(signal).catch(messageOf);
        if (failed !== null && this.#context.now() - this.#doubt.lastGoodMs > this.#times.blindAfterMs)
          this.#doubt.raise(`the API did not confirm what the watch delivered: ${failed}`);
        return notYet('it goes on');
      },
    );
  }

  /** Null when everything was delivered; else why not, after breaking a watch that is behind. */
  async #confirm(signal: AbortSignal): Promise<string | null> {
    const askedMs = this.#context.now();
    const list = await this.#versions(signal);
    let behind = this.#known.behind(list);
    if (behind !== null) {
      // What the list shows may still be on its way.
      await eventually('the watch to catch up', { withinMs: this.#times.catchUpMs, everyMs: 50, signal }, () => {
        behind = this.#known.behind(list);
        return behind === null ? yes(undefined) : notYet(behind);
      }).catch(() => undefined);
    }
    if (behind === null) {
      this.#doubt.confirm(askedMs, this.#context.now());
      return null;
    }
    this.#doubt.raise(`the watch is behind: ${behind}`);
    this.#stream.abort(new Stale(behind));
    return behind;
  }
}
