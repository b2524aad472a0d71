import { HarnessError } from '../../model/errors.ts';
import { isAlive } from './processes.ts';
import { isOfThisBoot, listClusters, readState, type ClusterState } from './state.ts';

/**
 * The state of a cluster that runs.
 * @throws HarnessError `unknown-name`, or `cluster-state` when it is half-made, of an earlier start of the machine, or damaged
 */
export async function attachLocal(name: string): Promise<ClusterState> {
  const state = await readState(name);
  if (state === null) {
    const known = await listClusters();
    throw new HarnessError(
      'unknown-name',
      `There is no cluster named '${name}'; ${known.length === 0 ? 'none is running' : `known are ${known.join(', ')}`}`,
      { hint: `shakedown up ${name}` },
    );
  }
  const stale = (why: string): HarnessError =>
    new HarnessError('cluster-state', `The stored state of cluster '${name}' is stale: ${why}`, {
      hint: `shakedown down ${name}`,
    });
  if (!isOfThisBoot(state)) throw stale('the machine was started again since');
  if (state.phase === 'up') return state;
  throw isAlive(state.creator)
    ? new HarnessError('cluster-state', `Cluster '${name}' is being made by process ${String(state.creator.pid)}`)
    : stale('the process that was making it died');
}
