import type { Json } from '../../harness/model/json.ts';
import { Client } from './attempt.ts';
import { wallMs, type Job, type ModelName, type Operated, type Target } from './job.ts';
import type { Credentials } from './kubeconfig.ts';
import { modelStore, type Held } from './model-stores.ts';
import { waitUntil } from './write-loop.ts';

export interface ModelLoop {
  readonly job: Job;
  readonly model: ModelName;
  readonly target: Target;
  readonly secure: Credentials | null;
  /** When the first round is due, on the program's own clock (performance.now()). */
  readonly firstAtMs: number;
  readonly signal: AbortSignal;
  readonly operated: (line: Operated) => void;
}

/**
 * One client that reads the key of its model and swaps it, once each period and never two at a time. Those of other targets do the
 * same with the same key, so that a swap which finds another value than was read fails: that is an answer, and the next period
 * tries with another element. Resolves after the signal, when the last operation has its outcome.
 */
export async function modelLoop(loop: ModelLoop): Promise<void> {
  const { job, model, target, secure, signal } = loop;
  const client = new Client(`${target.name}-${model}`, secure);
  const store = modelStore(model, target, job);
  for (let number = 0; await waitUntil(nextAtMs(loop), signal); number += 1) {
    const held = await readOnce(loop, client, store);
    if (held !== null && !signal.aborted) await swapOnce(loop, client, store, held, `${target.name}#${String(number)}`);
  }
  client.close();
}

/** A round that took longer than its period is followed by the next one that is due: none is made up for. */
function nextAtMs({ firstAtMs, job: { modelPeriodMs } }: ModelLoop): number {
  const periods = Math.ceil((performance.now() - firstAtMs) / modelPeriodMs);
  return firstAtMs + Math.max(0, periods) * modelPeriodMs;
}

type Store = ReturnType<typeof modelStore>;

async function readOnce(
  { job, model, target, operated }: ModelLoop,
  client: Client,
  store: Store,
): Promise<Held | null> {
  const startWallMs = wallMs();
  const answer = await client.call(store.read(target), job.timeoutMs);
  const held = store.held(answer);
  // A set is judged by its last reads; all of a growing set's would fill the history.
  if (held === null || model === 'set') return held;
  const times = { startWallMs, endWallMs: wallMs() };
  operated({
    client: client.id,
    target: target.name,
    action: 'read',
    key: store.key,
    value: held.value,
    ...times,
    outcome: 'ok',
  });
  return held;
}

async function swapOnce(
  { job, model, target, operated }: ModelLoop,
  client: Client,
  store: Store,
  held: Held,
  element: string,
): Promise<void> {
  const elements = Array.isArray(held.value) ? (held.value as readonly Json[]) : [];
  const isRegister = model === 'register' || model === 'lease';
  const value: Json = isRegister ? element : [...elements, element];
  const startWallMs = wallMs();
  const answer = await client.call(store.swap(target, held, value), job.timeoutMs);
  const done = {
    client: client.id,
    target: target.name,
    key: store.key,
    value: element,
    startWallMs,
    endWallMs: wallMs(),
  };
  const outcome = store.outcome(answer, held);
  if (isRegister) operated({ ...done, action: 'cas', expected: held.value, ...outcome });
  else operated({ ...done, action: model === 'set' ? 'add' : 'append', ...outcome });
}
