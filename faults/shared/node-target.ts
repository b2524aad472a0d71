import { z } from 'zod';

import type { FaultContext } from '../../harness/model/fault.ts';
import { chooseNode, nodeChoice } from './choose-node.ts';

/** Parameters and plan of the faults that take one node and need nothing else. */
export const nodeParams = z.strictObject(nodeChoice);
export type NodeParams = z.output<typeof nodeParams>;

export type NodePlan = {
  readonly node: string;
  readonly address: string;
  readonly zone: string | null;
  /** A node that tries to reach the victim, and one that it must reach at the same moment. */
  readonly witness: string;
  readonly control: { readonly node: string; readonly address: string };
};

/** @throws HarnessError `refused` */
export async function planNode(context: FaultContext, params: NodeParams): Promise<NodePlan> {
  const { target, witness, control } = await chooseNode(context, params);
  return {
    node: target.name,
    address: target.address,
    zone: target.zone,
    witness: witness.name,
    control: { node: control.name, address: control.address },
  };
}

export const nameWithZone = ({ node, zone }: NodePlan): string => (zone === null ? node : `${node} (${zone})`);
