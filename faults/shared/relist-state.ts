import type { KubeClient } from '../../harness/kube/index.ts';
import { relistCalls } from './runtime-proxy.ts';

/**
 * Whether the kubelet's relist waits for the runtime, by the kubelet's own stacks. Its metric `kubelet_pleg_last_seen_seconds`
 * cannot tell in time: the page of metrics lists containers too and waits with them for two minutes.
 */
export async function relistWaits(client: KubeClient, node: string, signal: AbortSignal): Promise<boolean> {
  const path = `/api/v1/nodes/${node}/proxy/debug/pprof/goroutine`;
  const stacks = await client.text(path, { query: { debug: '1' }, accept: '*/*', signal, timeoutMs: 10_000 });
  return isWaiting(stacks);
}

/** Stacks are separated by blank lines; one of them is the relist, inside a call of a list. */
export const isWaiting = (stacks: string): boolean =>
  stacks
    .split(/\n\s*\n/)
    .some(
      (stack) => stack.includes('GenericPLEG).Relist') && relistCalls.some((call) => stack.includes(`Client).${call}`)),
    );

/** The kubelet's own words on why the node is not Ready; empty when it is. */
export async function notReadyBecause(client: KubeClient, node: string, signal: AbortSignal): Promise<string> {
  const { status } = (await client.request(`/api/v1/nodes/${node}`, { signal, timeoutMs: 5_000 })) as {
    readonly status: {
      readonly conditions: readonly { readonly type: string; readonly status: string; readonly message: string }[];
    };
  };
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' ? '' : (ready?.message ?? 'it has no condition Ready');
}
