import { spawnSync } from 'node:child_process';

import { Command } from 'commander';

import { attachTo } from './clusters.ts';
import { examples } from './examples.ts';

export function kubectlCommand(): Command {
  return (
    new Command('kubectl')
      .description("Run kubectl of the cluster's version with its kubeconfig")
      .usage('[--cluster <name>] [kubectl arguments]')
      .option('--cluster <name>', 'which cluster; the only one by default')
      .argument('[arguments...]', "kubectl's own")
      // Every option after the first argument is kubectl's.
      .passThroughOptions()
      .allowUnknownOption()
      .addHelpText(
        'after',
        examples(
          ['shakedown kubectl get pods -A', 'on the only cluster'],
          ['shakedown kubectl --cluster mine logs -f web-0', 'on the one of that name'],
        ),
      )
      .action(async (argumentsOfKubectl: readonly string[], flags: { readonly cluster?: string }) => {
        const { ensurePrograms } = await import('../toolchain/index.ts');
        const cluster = await attachTo(flags.cluster);
        const programs = await ensurePrograms(['kubectl'], () => undefined, AbortSignal.timeout(600_000));
        // The terminal belongs to kubectl until it ends: `edit`, `exec -it` and Ctrl-C work.
        const ended = spawnSync(programs.get('kubectl') ?? 'kubectl', [...argumentsOfKubectl], {
          stdio: 'inherit',
          env: { ...process.env, KUBECONFIG: cluster.kubeconfig },
        });
        process.exitCode = ended.status ?? 3;
      })
  );
}

if (import.meta.main) await kubectlCommand().parseAsync();
