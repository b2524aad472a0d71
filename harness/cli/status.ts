import { Command } from 'commander';

import { messageOf } from '../model/errors.ts';
import type { ClusterStatus } from '../cluster/local/status.ts';
import { examples } from './examples.ts';
import { columns, outputWidth, printJson, printLines } from './print.ts';

export function statusCommand(): Command {
  return new Command('status')
    .description('Show the clusters of this machine: nodes, power, links, services')
    .argument('[name]', 'only the cluster of that name')
    .option('--name <name>', 'the same as the argument')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(['shakedown status', 'every cluster'], ['shakedown status mine --json', 'one cluster, for machines']),
    )
    .action(async (argument: string | undefined, flags: { readonly name?: string; readonly json?: boolean }) => {
      const [{ localProvider }, { clusterStatus }] = await Promise.all([
        import('../cluster/local/index.ts'),
        import('../cluster/local/status.ts'),
      ]);
      const named = argument ?? flags.name;
      const names = named === undefined ? await localProvider().list() : [named];
      const found = await Promise.all(names.map((name) => statusOr(name, named !== undefined, clusterStatus)));
      if (flags.json === true) printJson(found);
      else if (found.length === 0) printLines(['No cluster is running.']);
      else printLines(found.flatMap((each) => ('broken' in each ? [`${each.name}: ${each.broken}`] : linesOf(each))));
    });
}

/** One cluster that cannot be read must not hide the others. */
async function statusOr(
  name: string,
  alone: boolean,
  look: (name: string) => Promise<ClusterStatus>,
): Promise<ClusterStatus | { readonly name: string; readonly broken: string }> {
  try {
    return await look(name);
  } catch (error) {
    if (alone) throw error;
    return { name, broken: messageOf(error) };
  }
}

function linesOf(status: ClusterStatus): readonly string[] {
  const rows = status.nodes.map(({ name, role, zone, address, power, link, ready, services }) => [
    name,
    role,
    zone ?? '-',
    address,
    `power ${power}`,
    `link ${link}`,
    ready,
    services.join(', ') === '' ? '' : `not running: ${services.join(', ')}`,
  ]);
  return [
    `${status.name}: Kubernetes ${status.kubernetesVersion}, API ${status.endpoint} (${status.endpointState}), etcd ${status.etcd}, since ${status.since}`,
    ...columns(rows, outputWidth()),
    `  kubeconfig ${status.kubeconfig}`,
  ];
}

if (import.meta.main) await statusCommand().parseAsync();
