import { HarnessError } from '../../harness/model/errors.ts';
import { differences } from '../../harness/run/fingerprint.ts';
import { eventually, notYet, yes } from '../../harness/util/eventually.ts';
import { describeCluster } from './residue.ts';
import type { World } from './run-trials.ts';

/** Nodes that lost their power start again; whatever is still different after so long is left. */
const settleMs = 90_000;
const settleLookMs = 1_500;

/**
 * Waits until the cluster is as it was.
 * @param places there; null for everywhere
 * @returns what is still different when the time is over
 */
export async function settle(world: World, places: readonly string[] | null = null): Promise<readonly string[]> {
  const unknown = ['the cluster could not be described'];
  let left: readonly string[] = unknown;
  /** Where something was different in the last look; null for all places. */
  let still: readonly string[] | null = null;
  const see = async (only: readonly string[] | null): Promise<void> => {
    left = unknown;
    left = await differencesAt(world, only);
  };
  const look = async (): Promise<boolean> => {
    // The API tells of most that is not back yet, and describing a node costs it something, which keeps it from coming back.
    await see(['api']);
    if (left.length > 0) return false;
    await see(still ?? places);
    const wasWhole = still === null;
    const different = [...world.base.keys()].filter((where) => left.some((line) => line.startsWith(`${where}: `)));
    still = different.length === 0 ? null : different;
    return left.length === 0 && wasWhole;
  };
  const transient = (error: unknown): boolean => error instanceof HarnessError;
  const options = { withinMs: settleMs, everyMs: settleLookMs, transient, signal: world.signal };
  try {
    return await eventually('the cluster as before', options, async () => {
      // What was mended is followed by a look at the whole, and at once.
      if ((await look()) || (left.length === 0 && (await look()))) return yes([]);
      return notYet(left.join('; '));
    });
  } catch {
    world.signal.throwIfAborted();
    const inTheEnd = await differencesAt(world, places).catch(() => unknown);
    return [...new Set([...left, ...inTheEnd])];
  }
}

/**
 * What is different from the state to come back to.
 * @param only there; null for everywhere
 */
export async function differencesAt(
  { cluster, base, signal }: World,
  only: readonly string[] | null,
): Promise<readonly string[]> {
  const now = await describeCluster(cluster, signal, only);
  return differences(new Map([...base].filter(([where]) => only?.includes(where) ?? true)), now);
}
