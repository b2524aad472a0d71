import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { choiceObstacle } from '../shared/choose-node.ts';
import { fillScript, logs, mountedCount, tryToWrite, unfillScript } from '../shared/full-disk.ts';
import { proveNodeBack } from '../shared/node-state.ts';
import { nameWithZone, nodeParams, planNode, type NodeParams, type NodePlan } from '../shared/node-target.ts';
import { shellObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { prove } from '../shared/prove.ts';

const name = 'disk-full';

/** A small full filesystem over the folder of the pods' logs: the disk of the machine is never filled. */
export const diskFull: Fault<NodeParams, NodePlan> = {
  name,
  summary: 'Leaves a node no room where its pods log: containers that run go on, no new one starts.',
  needs: ['node-shell'],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, nodeParams, given),
  obstacle: (facts, params) => shellObstacle(facts) ?? choiceObstacle(facts, params),
  plan: planNode,
  targets: ({ node }) => [node],
  impact: (plan) =>
    `${nameWithZone(plan)} has no space and no inode left in ${logs}, which becomes a full filesystem of its own of 1 MiB. Containers that run ` +
    'go on and log to the files that they have open; no pod is started there, with "no space left on device" in its events.',
  leashes: ({ node }, mark) => [{ on: { node }, undo: unfillScript(mark) }],
  inject: async ({ cluster, signal, mark }, { node }) => {
    await cluster.node(node).exec(['sh', '-c', fillScript(mark)], { signal, timeoutMs: 15_000 });
  },
  proveActive: proveNoRoom,
  heal: async ({ cluster, signal, mark }, { node }) => {
    await cluster.node(node).exec(['sh', '-c', unfillScript(mark)], { signal, timeoutMs: 15_000 });
  },
  proveGone: async (context, { node }) => {
    const { cluster, signal, mark } = context;
    const shell = cluster.node(node);
    await prove('fault-not-gone', `${node} to have room for logs`, { withinMs: 15_000, signal }, async () => {
      const mounted = await mountedCount(shell, mark, signal);
      if (mounted > 0) return notYet(`${String(mounted)} of our filesystems are mounted`);
      const answer = await tryToWrite(shell, logs, mark, signal);
      return answer === '' ? yes(undefined) : notYet(answer);
    });
    return `${node} makes folders in ${logs} again; ${await proveNodeBack(context, node)}`;
  },
};

/** A write to the folder fails for want of room, while one beside it is no problem. */
async function proveNoRoom({ cluster, signal, mark }: FaultContext, { node }: NodePlan): Promise<string> {
  const shell = cluster.node(node);
  const beside = logs.slice(0, logs.lastIndexOf('/'));
  return prove('fault-not-active', `${node} to have no room for logs`, { withinMs: 10_000, signal }, async () => {
    const answer = await tryToWrite(shell, logs, mark, signal);
    if (!/no space left/i.test(answer)) return notYet(answer === '' ? `a folder in ${logs} can be made` : answer);
    const other = await tryToWrite(shell, beside, mark, signal);
    if (other !== '') return notYet(`nor is there room in ${beside}: ${other}`);
    return yes(`on ${node} no folder can be made in ${logs} (${answer}), while one in ${beside} can`);
  });
}
