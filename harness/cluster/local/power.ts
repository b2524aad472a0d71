import type { PowerSwitch } from '../../model/cluster.ts';
import { eventually, notYet, yes } from '../../util/eventually.ts';
import { exec } from '../../util/exec.ts';
import { quoted } from '../../util/shell-words.ts';
import { cgroupOf, thaw } from './cgroups.ts';
import { nodeInit } from './node-shell.ts';
import { clusterPaths } from './paths.ts';
import type { NodePlan } from './plan.ts';
import { killNow } from './processes.ts';
import { programPath } from './programs.ts';
import type { ClusterState } from './state.ts';

/** The node's power and its cable, both worked from outside. */
export function powerSwitch(node: NodePlan, { plan, programs }: ClusterState): PowerSwitch {
  const ip = [programPath(programs)('ip'), '-n', plan.lab];
  const setLink = ['link', 'set', node.link];
  const powerOn = ['sh', clusterPaths(plan.name).node(node.name).powerOnScript];
  return {
    cutLink: async () => {
      await exec([...ip, ...setLink, 'down']);
    },
    restoreLink: async () => {
      await exec([...ip, ...setLink, 'up']);
    },
    on: async () => {
      await exec(powerOn, { timeoutMs: 30_000 });
    },
    off: async () => {
      const init = nodeInit(plan.name, node.name);
      if (init === null) return;
      killNow(init.pid);
      await eventually(`node ${node.name} to be off`, { withinMs: 10_000, everyMs: 10 }, async () => {
        if (nodeInit(plan.name, node.name) === null) return yes(null);
        // A frozen process dies only when it is thawed.
        await thaw(cgroupOf(plan.name, node.name));
        return notYet('its first process is still there');
      });
    },
    state: async () => {
      const { stdout } = await exec([...ip, '-json', 'link', 'show', node.link]);
      const [link] = JSON.parse(stdout) as { readonly flags: readonly string[] }[];
      return {
        link: link?.flags.includes('UP') === true ? 'up' : 'down',
        power: nodeInit(plan.name, node.name) === null ? 'off' : 'on',
      };
    },
    restoreScript: `${[...ip, ...setLink, 'up'].map(quoted).join(' ')}\n${powerOn.map(quoted).join(' ')}\n`,
  };
}
