import { constants } from 'node:fs';
import { open, rm } from 'node:fs/promises';

import { eventually, notYet, yes } from '../../util/eventually.ts';
import { clusterPaths } from './paths.ts';
import type { ClusterPlan, NodePlan } from './plan.ts';
import { readMark } from './processes.ts';
import type { Service, Stage } from './services/service.ts';

/** Tells the supervisors of all nodes to start what waited for this stage. */
export async function startStage(
  stage: Stage,
  plan: ClusterPlan,
  services: (node: NodePlan) => readonly Service[],
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    plan.nodes.map(async (node) => {
      const { initPid } = clusterPaths(plan.name).node(node.name);
      // On a busy machine the API serves before the last worker's first process is up.
      const mark = await eventually(`node ${node.name} to run`, { withinMs: 30_000, everyMs: 20, signal }, () => {
        const found = readMark(initPid);
        return found === null ? notYet('its first process is not there') : yes(found);
      });
      // The node's /run is its own.
      const folder = `/proc/${String(mark.pid)}/root/run/service`;
      const waiting = services(node).filter(({ after }) => after === stage);
      await Promise.all(waiting.map(({ name }) => start(`${folder}/${name}`, `${name} on ${node.name}`, signal)));
    }),
  );
}

/** By the supervisor's control pipe, which is there once it runs. */
async function start(folder: string, what: string, signal: AbortSignal): Promise<void> {
  await eventually(`the supervisor of ${what}`, { withinMs: 20_000, everyMs: 20, signal }, async () => {
    try {
      await using pipe = await open(`${folder}/supervise/control`, constants.O_WRONLY | constants.O_NONBLOCK);
      await pipe.write('u');
      return yes(null);
    } catch (error) {
      return notYet(String((error as NodeJS.ErrnoException).code));
    }
  });
  // A supervisor that is itself started again must not hold the service back.
  await rm(`${folder}/down`, { force: true });
}

/** From now on nothing waits when a node is switched on. */
export async function endFirstBoot(plan: ClusterPlan): Promise<void> {
  const paths = clusterPaths(plan.name);
  await Promise.all(plan.nodes.map(({ name }) => rm(paths.node(name).firstBoot, { force: true })));
}
