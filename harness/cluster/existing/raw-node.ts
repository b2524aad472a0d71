import type { NodeFacts } from '../../model/cluster.ts';
import { HarnessError } from '../../model/errors.ts';

/** What is read of a Node. */
export interface RawNode {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly images?: readonly { readonly names?: readonly string[] | null; readonly sizeBytes?: number }[];
    readonly nodeInfo?: { readonly architecture: string; readonly operatingSystem: string };
  };
}

const controlPlaneLabels = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];

/** @throws HarnessError `not-here` for a node without an address of its own */
export function nodeFactsOf({ metadata, status }: RawNode): NodeFacts {
  const { name, labels = {} } = metadata;
  const address = status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
  if (address === undefined)
    throw new HarnessError('not-here', `Node ${name} has no InternalIP, by which its shell and its pods are reached`);
  return {
    name,
    role: controlPlaneLabels.some((label) => label in labels) ? 'control-plane' : 'worker',
    zone: labels['topology.kubernetes.io/zone'] ?? null,
    address,
  };
}
