import { nodeShell } from './node-shell.ts';
import { containerdSocket } from './services/worker.ts';
import { programPath } from './programs.ts';
import type { ClusterState } from './state.ts';

/** Imports the archives on every node, all nodes at once. */
export async function loadOn(state: ClusterState, archives: readonly string[], signal: AbortSignal): Promise<void> {
  const ctr = [programPath(state.programs)('ctr'), '--address', containerdSocket, '--namespace', 'k8s.io'];
  await Promise.all(
    state.plan.nodes.map(async (node) => {
      const shell = nodeShell(node, state);
      for (const archive of archives)
        await shell.exec([...ctr, 'images', 'import', archive], { signal, timeoutMs: 300_000 });
    }),
  );
}
