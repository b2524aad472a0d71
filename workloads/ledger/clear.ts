import { eventually, notYet, yes } from '../../harness/util/eventually.ts';
import { Client } from './attempt.ts';
import type { Target } from './job.ts';
import type { Credentials } from './kubeconfig.ts';
import type { Store } from './stores.ts';

const withinMs = 60_000;
/** Deleting thousands of records takes longer than writing one. */
const answerWithinMs = 30_000;

/**
 * Takes away what an earlier run left in a store of a cluster that is used again: its records bear the same names, and would count
 * as written by nobody, or twice.
 * @param targets that lead to this store, asked in turn until one has done it
 * @throws HarnessError `timed-out` with the last answer
 */
export async function clearStore(
  store: Store,
  targets: readonly Target[],
  secureFor: (target: Target) => Credentials | null,
  signal: AbortSignal,
): Promise<void> {
  let turn = 0;
  await eventually('the records of earlier runs to be gone', { withinMs, everyMs: 250, signal }, async () => {
    const target = targets[turn % targets.length];
    turn += 1;
    if (target === undefined) return yes(null);
    const client = new Client(`${target.name}-clear`, secureFor(target));
    try {
      for (const call of store.clear(target)) {
        const { status, error, body } = await client.call(call, answerWithinMs);
        if (status !== 200) return notYet(`${target.name}: ${error ?? `${String(status)} ${body.slice(0, 200)}`}`);
      }
      return yes(null);
    } finally {
      client.close();
    }
  });
}
