import type { Shell } from '../../model/cluster.ts';
import { HarnessError } from '../../model/errors.ts';
import { prefixed } from '../../util/exec.ts';
import { clusterPaths } from './paths.ts';
import type { NodePlan } from './plan.ts';
import { isAlive, readMark, type ProcessMark } from './processes.ts';
import { programPath, searchPath } from './programs.ts';
import type { ClusterState } from './state.ts';

/** The node's first process, or null when the node is off. */
export function nodeInit(cluster: string, node: string): ProcessMark | null {
  const mark = readMark(clusterPaths(cluster).node(node).initPid);
  return mark !== null && isAlive(mark) ? mark : null;
}

/** A shell on a node, and what it would run on the machine for a command there. */
export interface NodeShell extends Shell {
  /** @throws HarnessError `command-failed` when the node is off */
  argv(command: readonly string[]): readonly string[];
}

/** A shell in all namespaces of the node. Its commands end with the process that asked for them. */
export function nodeShell(node: NodePlan, state: ClusterState): NodeShell {
  const prefix = (): readonly string[] => prefixOf(node, state);
  const shell = prefixed(node.name, prefix);
  return {
    ...shell,
    // A node that is off is a rejection, as any other failure of a command.
    exec: async (argv, options) => await shell.exec(argv, options),
    argv: (command) => [...prefix(), ...command],
  };
}

/** @throws HarnessError `command-failed` when the node is off */
function prefixOf(node: NodePlan, { plan, programs }: ClusterState): readonly string[] {
  const init = nodeInit(plan.name, node.name);
  if (init === null)
    throw new HarnessError('command-failed', `Node ${node.name} of cluster '${plan.name}' is switched off`, {
      hint: `shakedown node on ${node.name} --cluster ${plan.name}`,
    });
  return [
    programPath(programs)('nsenter'),
    `--target=${String(init.pid)}`,
    ...['--mount', '--uts', '--ipc', '--net', '--pid'],
    '--',
    // nsenter waits for a child of its own, which must not outlive it.
    ...['setpriv', '--pdeathsig', 'KILL'],
    ...['env', '-C', '/', `PATH=${searchPath(programs)}`, `HOSTNAME=${node.name}`],
  ];
}
