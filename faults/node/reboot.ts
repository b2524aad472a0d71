import { HarnessError } from '../../harness/model/errors.ts';
import type { Shell } from '../../harness/model/cluster.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { choiceObstacle } from '../shared/choose-node.ts';
import { proveNodeBack } from '../shared/node-state.ts';
import { nameWithZone, nodeParams, planNode, type NodeParams, type NodePlan } from '../shared/node-target.ts';
import { powerObstacle } from '../shared/obstacles.ts';
import { readParams } from '../shared/params.ts';
import { prove } from '../shared/prove.ts';
import { containersOf, identityOf, survivors } from '../shared/runtime.ts';

const name = 'reboot';

type Plan = NodePlan & {
  /** Which start of the node this is: the kernel's boot id, and when its first process began. */
  readonly boot: string;
  readonly containers: readonly string[];
  /** Gives the node its power back, from the machine under it. */
  readonly restoreScript: string;
};

/** Off and on again in one step: often over before anybody but the node itself has noticed. */
export const reboot: Fault<NodeParams, Plan> = {
  name,
  summary: 'Switches a node off and at once on again: every container of it starts anew.',
  needs: ['power', 'node-shell'],
  minimumHoldMs: 3_000,
  params: (given) => readParams(name, nodeParams, given),
  obstacle: (facts, params) => powerObstacle(facts) ?? choiceObstacle(facts, params),
  plan: planReboot,
  targets: ({ node }) => [node],
  impact: (plan) =>
    `${nameWithZone(plan)} is switched off and on again. Its ${String(plan.containers.length)} containers end without a goodbye and start anew; ` +
    'the node is NotReady for seconds, its pods stay bound to it, and requests to them fail until they are ready again.',
  leashes: ({ restoreScript }) => [{ on: 'host', undo: restoreScript }],
  inject: async ({ cluster }, { node }) => {
    const power = cluster.power(node);
    await power.off();
    await power.on();
  },
  proveActive: proveRebooted,
  heal: async ({ cluster }, { node }) => {
    const power = cluster.power(node);
    await power.restoreLink();
    await power.on();
  },
  proveGone: async (context, { node }) => proveNodeBack(context, node),
};

/** @throws HarnessError `refused` for a control plane alone of its kind: the others of etcd would have no majority */
async function planReboot(context: FaultContext, params: NodeParams): Promise<Plan> {
  const { cluster, signal } = context;
  const target = await planNode(context, params);
  const { apiServers } = cluster.facts;
  if (apiServers.some(({ node }) => node === target.node) && apiServers.length < 3) {
    throw new HarnessError(
      'refused',
      `${target.node} is one of ${String(apiServers.length)} control planes: without it etcd has no majority`,
    );
  }
  const shell = cluster.node(target.node);
  const containers = (await containersOf(shell, signal)).map(identityOf);
  const { restoreScript } = cluster.power(target.node);
  return { ...target, boot: await bootOf(shell, signal), containers, restoreScript };
}

async function bootOf(shell: Shell, signal: AbortSignal): Promise<string> {
  const script = "cat /proc/sys/kernel/random/boot_id; sed 's/^.*) //' /proc/1/stat | cut -d' ' -f20";
  const { stdout } = await shell.exec(['sh', '-c', script], { signal, timeoutMs: 10_000 });
  return stdout.trim().replace('\n', '/');
}

async function proveRebooted({ cluster, signal }: FaultContext, plan: Plan): Promise<string> {
  const { node, boot, containers } = plan;
  const shell = cluster.node(node);
  const options = { withinMs: 30_000, everyMs: 100, signal };
  return prove('fault-not-active', `${node} to start anew`, options, async () => {
    if ((await bootOf(shell, signal)) === boot) return notYet('its first process is the one that was there before');
    const left = survivors(containers, await containersOf(shell, signal)).length;
    if (left > 0) return notYet(`${String(left)} of its containers run as before`);
    return yes(
      `${node} has another first process than before, and none of its ${String(containers.length)} containers outlived it`,
    );
  });
}
