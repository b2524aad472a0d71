import type { OpEvent } from '../../harness/model/history.ts';
import type { Attempt } from './attempt.ts';
import type { Target } from './job.ts';

export interface Classified {
  readonly outcome: OpEvent['outcome'];
  readonly error?: string;
}

/** Answers of these statuses leave open whether the write happened: time-outs and cancellations on the way. */
const leavesOpen = new Set([408, 499]);

/**
 * What is known of a write. `ok` only when the store acknowledged it; `failed` only when it cannot have happened: it was never
 * sent, or refused with a 4xx status. Everything else may have happened.
 * @param done what the API says: 201 for a record that is made, 200 for one that is changed
 * @param kind what the API answers with: the object as it is now
 */
export function classify(
  store: Target['store'],
  { sent, status, body, error }: Attempt,
  done: 200 | 201 = 201,
  kind = 'ConfigMap',
): Classified {
  if (error !== null) return { outcome: sent ? 'unknown' : 'failed', error };
  const answer = parse(body);
  if (isAcknowledged(store, status, answer, { done, kind })) return { outcome: 'ok' };
  const message = answer.message ?? answer.error;
  const said = `http-${String(status)}${typeof message === 'string' ? ` ${message.slice(0, 120)}` : ''}`;
  // Nobody else writes under this name, so a record that exists was made by this very request, perhaps repeated on the way.
  if (status === 409 && answer.reason === 'AlreadyExists') return { outcome: 'unknown', error: said };
  const refused = status >= 400 && status < 500 && !leavesOpen.has(status);
  return { outcome: refused ? 'failed' : 'unknown', error: said };
}

interface Answer {
  readonly kind?: unknown;
  readonly header?: { readonly revision?: unknown };
  readonly message?: unknown;
  readonly error?: unknown;
  readonly reason?: unknown;
}

function isAcknowledged(
  store: Target['store'],
  status: number,
  answer: Answer,
  { done, kind }: { readonly done: 200 | 201; readonly kind: string },
): boolean {
  return store === 'api'
    ? status === done && answer.kind === kind
    : status === 200 && typeof answer.header?.revision === 'string';
}

function parse(body: string): Answer {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
