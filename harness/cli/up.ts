import { resolve } from 'node:path';

import { Command, Option } from 'commander';

import type { ClusterSpec } from '../model/cluster.ts';
import { formatMs } from '../model/duration.ts';
import { examples } from './examples.ts';
import { root } from '../util/paths.ts';
import { printJson, printLines } from './print.ts';
import { inSession } from './session.ts';

interface UpFlags {
  readonly name?: string;
  readonly config: string;
  readonly etcd: ClusterSpec['etcd'];
  readonly json?: boolean;
}

export function upCommand(): Command {
  return new Command('up')
    .description('Boot a Kubernetes cluster on this machine')
    .argument('[name]', "the cluster's name; the config's own by default")
    .option('--name <name>', 'the same as the argument')
    .option('--config <file>', 'a kind config file', resolve(root, 'kind-configs/three-zones.yaml'))
    .addOption(
      new Option('--etcd <wiring>', 'which etcd members each API server uses: its own, as kubeadm wires it, or all')
        .choices(['own', 'all'])
        .default('own'),
    )
    .option('--json', 'print what a machine wants to know of the cluster')
    .addHelpText(
      'after',
      examples(
        ['shakedown up', 'three control planes and six workers in three zones'],
        ['shakedown up mine --config kind-configs/small.yaml', 'a smaller one, of that name'],
        ['shakedown up --etcd all', 'each API server outlives the loss of its own etcd member'],
      ),
    )
    .action(up);
}

async function up(argument: string | undefined, flags: UpFlags): Promise<void> {
  const [{ localProvider }, { readKindConfig }] = await Promise.all([
    import('../cluster/local/index.ts'),
    import('../cluster/kind-config.ts'),
  ]);
  const name = argument ?? flags.name ?? (await readKindConfig(flags.config)).name ?? 'shakedown';
  const startMs = performance.now();
  const cluster = await inSession(({ observer, signal }) =>
    localProvider().create(
      name,
      { provider: 'local', config: flags.config, etcd: flags.etcd },
      (line) => {
        observer.progress(line);
      },
      signal,
    ),
  );
  const { facts, kubeconfig } = cluster;
  if (flags.json === true) {
    printJson({ name, kubeconfig, facts });
    return;
  }
  printLines([
    `Cluster ${name}: ${String(facts.nodes.length)} nodes Ready, Kubernetes ${facts.kubernetesVersion}, in ${formatMs(performance.now() - startMs)}.`,
    `  kubectl:  shakedown kubectl get nodes, or: export KUBECONFIG=${kubeconfig}`,
    `  a node:   shakedown node shell ${facts.nodes.at(-1)?.name ?? ''}`,
    `  remove:   shakedown down ${name}`,
  ]);
}

if (import.meta.main) await upCommand().parseAsync();
