import { setTimeout as sleep } from 'node:timers/promises';

import { Client } from './attempt.ts';
import { wallMs, type Job, type Target, type Written } from './job.ts';
import type { Credentials } from './kubeconfig.ts';
import { classify } from './outcome.ts';
import type { Store } from './stores.ts';

/** More clients than writes can hang at once. */
const clientsFor = ({ timeoutMs, periodMs }: Job): number => Math.ceil(timeoutMs / periodMs) + 5;

export interface WriteLoop {
  readonly job: Job;
  readonly target: Target;
  readonly store: Store;
  readonly secure: Credentials | null;
  /** When the first write is due, on the program's own clock (performance.now()). */
  readonly firstAtMs: number;
  readonly signal: AbortSignal;
  readonly written: (line: Written) => void;
  readonly skipped: (atWallMs: number) => void;
}

/**
 * Writes one record each period to one target, whether the earlier ones were answered or not: each client does one write at
 * a time, and the first free one takes the next. Resolves after the signal, when the last write has its outcome.
 */
export async function writeLoop(loop: WriteLoop): Promise<void> {
  const { job, target, signal } = loop;
  const free = Array.from(
    { length: clientsFor(job) },
    (_, index) => new Client(`${target.name}-${String(index)}`, loop.secure),
  );
  const order = new Map(free.map((client, index) => [client, index]));
  const underWay = new Set<Promise<void>>();
  let number = 0;
  for (let tick = 0; ; tick += 1) {
    if (!(await waitUntil(loop.firstAtMs + tick * job.periodMs, signal))) break;
    const client = free.shift();
    if (client === undefined) {
      loop.skipped(wallMs());
      continue;
    }
    const write = writeOne(loop, client, number).finally(() => {
      free.push(client);
      // The lowest first: in quiet times few connections are in use, as with a pool.
      free.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
      underWay.delete(write);
    });
    underWay.add(write);
    number += 1;
  }
  await Promise.all(underWay);
  for (const client of free) client.close();
}

/** @returns false when the signal came first */
export async function waitUntil(atMs: number, signal: AbortSignal): Promise<boolean> {
  const inMs = atMs - performance.now();
  if (inMs > 0) await sleep(inMs, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}

async function writeOne({ job, target, store, written }: WriteLoop, client: Client, number: number): Promise<void> {
  const key = store.key(target.name, number);
  // No other record has this value: one that is read under another key shows.
  const value = `${target.name}#${String(number)}`;
  const startWallMs = wallMs();
  const attempt = await client.call(store.write(target, key, value), job.timeoutMs);
  const endWallMs = wallMs();
  written({
    client: client.id,
    target: target.name,
    key,
    value,
    startWallMs,
    endWallMs,
    ...classify(target.store, attempt),
  });
}
