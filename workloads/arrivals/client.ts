import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  asList,
  conditionOf,
  connect,
  hasStatus,
  type Condition,
  type KubeClient,
  type KubeObject,
} from '../../harness/kube/index.ts';
import { HarnessError, messageOf } from '../../harness/model/errors.ts';
import type { ClientContext, WorkloadClient } from '../../harness/model/workload.ts';
import { eventually, notYet, yes } from '../../harness/util/eventually.ts';
import { arrivalKinds, arrivalManifest, collectionOf, type ArrivalKind } from './manifests.ts';

export interface ArrivalOptions {
  readonly everyMs: number;
  readonly count: number;
  readonly replicas: number;
  readonly image: string;
}

/** How long finish() waits for the pods of what came last. */
const readyWithinMs = 60_000;
/** A request without an answer is made again: the name says whether the first one got through. */
const askMs = 4_000;
const madeWithinMs = 60_000;

/** Makes one object after the other, and records each when the API has acknowledged it. */
export class Arrivals implements WorkloadClient {
  readonly #context: ClientContext;
  readonly #options: ArrivalOptions;
  readonly #client: KubeClient;
  readonly #stop = new AbortController();
  /** In the names, so that what an earlier run left on the same cluster is not taken for ours. */
  readonly #series = randomBytes(2).toString('hex');
  #first: Promise<void> | null = null;
  #rest: Promise<void> | null = null;
  #made = 0;

  constructor(context: ClientContext, options: ArrivalOptions) {
    this.#context = context;
    this.#options = options;
    this.#client = connect(context.cluster.kubeconfig);
  }

  /** The first time, the others begin to come. */
  async untilSteady(signal: AbortSignal): Promise<void> {
    this.#first ??= this.#make(0, signal);
    await this.#first;
    this.#rest ??= this.#makeRest();
    // Awaited in finish(); until then a failure must not end the process unseen by it.
    this.#rest.catch(() => undefined);
  }

  async #makeRest(): Promise<void> {
    const signal = AbortSignal.any([this.#context.signal, this.#stop.signal]);
    try {
      for (let index = 1; index < this.#options.count; index += 1) {
        await sleep(this.#options.everyMs, undefined, { signal });
        await this.#make(index, signal);
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }

  async #make(index: number, signal: AbortSignal): Promise<void> {
    const { namespace } = this.#context;
    const { replicas, image } = this.#options;
    const kind: ArrivalKind = arrivalKinds[index % arrivalKinds.length] ?? 'Deployment';
    const name = `arrival-${this.#series}-${String(index + 1)}`;
    const body = arrivalManifest(kind, { name, namespace, series: this.#series, replicas, image });
    const options = { withinMs: madeWithinMs, everyMs: 200, signal, transient: () => !signal.aborted };
    await eventually(`${kind} ${name} to be made`, options, async () => {
      try {
        await this.#client.request(collectionOf(kind, namespace), { method: 'POST', body, signal, timeoutMs: askMs });
      } catch (error) {
        if (!hasStatus(error, 409)) throw error;
      }
      return yes(undefined);
    });
    this.#made += 1;
    this.#context.record({
      kind: 'sample',
      probe: 'arrival',
      atMs: this.#context.now(),
      value: { kind, name, replicas },
    });
  }

  /** Ends the coming, and waits until what came has its pods: what is missing then shows in the recorded watches. */
  async finish(signal: AbortSignal): Promise<void> {
    this.#stop.abort();
    await this.#rest;
    const { namespace } = this.#context;
    const wanted = this.#made * this.#options.replicas;
    const options = { withinMs: readyWithinMs, everyMs: 300, signal, transient: () => !signal.aborted };
    await eventually('the pods of every arrival to be ready', options, async () => {
      const path = `/api/v1/namespaces/${namespace}/pods`;
      const query = { labelSelector: `series=${this.#series}` };
      const { items } = asList(await this.#client.request(path, { query, signal }));
      const ready = items.filter(isReady).length;
      return ready >= wanted ? yes(undefined) : notYet(`${String(ready)} of ${String(wanted)} pods are ready`);
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      if (!(error instanceof HarnessError)) throw new HarnessError('bug', messageOf(error), { cause: error });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#rest?.catch(() => undefined);
    this.#client.close();
  }
}

const isReady = ({ status }: KubeObject): boolean =>
  conditionOf((status as { readonly conditions?: readonly Condition[] }).conditions, 'Ready')?.status === 'True';
