import { localProvider } from '../harness/cluster/local/index.ts';
import { readState } from '../harness/cluster/local/state.ts';
import { messageOf } from '../harness/model/errors.ts';

/**
 * Removes the clusters that those processes, ended by now, have made and left, or that carry their number. Other clusters are not ours to touch.
 * @returns a sentence for each
 */
export async function removeClustersOf(pids: ReadonlySet<number>): Promise<readonly string[]> {
  const provider = localProvider();
  const said: string[] = [];
  for (const name of await provider.list()) {
    try {
      const state = await readState(name);
      const named = [...pids].some((pid) => name.endsWith(`-${String(pid)}`));
      if (state === null || !(named || pids.has(state.creator.pid))) continue;
      await provider.remove(name);
      said.push(`Removed cluster ${name}, which a spec had left.`);
    } catch (error) {
      said.push(`Cluster ${name}: ${messageOf(error)}`);
    }
  }
  return said;
}
