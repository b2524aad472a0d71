import { Command } from 'commander';

import type { RunReport } from '../model/report.ts';
import { exitCode } from '../model/verdict.ts';
import { onChosenCluster, type ClusterFlags } from './chosen-cluster.ts';
import { examples } from './examples.ts';
import { runsDirectory } from '../util/paths.ts';
import { printJson } from './print.ts';
import { isFile } from './scenario-file.ts';
import { promisingOf } from './promising.ts';
import { parseSeed } from './seed.ts';
import { inSession } from './session.ts';

export interface RunFlags extends ClusterFlags {
  readonly seed?: number;
  readonly keep?: boolean;
  readonly bia?: string;
  readonly label?: readonly string[];
  readonly json?: boolean;
}

/** Runs one scenario, prints its verdicts, and leaves the exit code of its outcome. */
export async function run(name: string, flags: RunFlags): Promise<RunReport> {
  const { catalogue } = await import('./catalogue.ts');
  const { findScenario } = await import('./find-scenario.ts');
  const { runScenario } = await import('../run/index.ts');
  const named = await findScenario(name);
  const promising = flags.bia === undefined ? named : (await promisingOf(flags.bia))(named);
  const { scenario, ...chosen } = await onChosenCluster(promising, flags);
  const { report, directory } = await inSession(({ observer, signal }) =>
    runScenario(scenario, catalogue, {
      runsDirectory: runsDirectory(),
      observer,
      signal,
      unnamed: isFile(name),
      ...(flags.seed === undefined ? {} : { seed: flags.seed }),
      ...(flags.keep === undefined ? {} : { keep: flags.keep }),
      ...(flags.label === undefined ? {} : { labels: flags.label }),
      ...chosen,
    }),
  );
  process.exitCode = exitCode(report.outcome);
  if (flags.json === true) printJson(report);
  else await printVerdicts(report, directory);
  return report;
}

async function printVerdicts(report: RunReport, directory: string): Promise<void> {
  const { showVerdicts } = await import('./show-verdicts.ts');
  showVerdicts(report, directory);
}

const another = (label: string, labels: readonly string[] = []): readonly string[] => [...labels, label];

export function runCommand(): Command {
  return new Command('run')
    .description('Boot a cluster, load it, break it, heal it, and judge what was promised')
    .argument('<scenario>', 'a name from `shakedown list scenarios`, or a YAML or JSON file')
    .option('--seed <number>', 'choose other targets: the same seed chooses the same ones', parseSeed)
    .option('--cluster <name>', 'use this running cluster instead of booting one for the run')
    .option('--context <name>', 'use the cluster of this context of a kubeconfig, if its owner allows it')
    .option('--kubeconfig <file>', 'where that context is; $KUBECONFIG or ~/.kube/config by default')
    .option('--bia <file>', 'promise what this business impact analysis demands (YAML or JSON)')
    .option('--label <name>', 'name the run, to compare it by; may be given again', another)
    .option('--keep', 'leave the cluster of the run running')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      examples(
        ['shakedown run etcd-leader-loss', 'as the suite says it'],
        ['shakedown run etcd-leader-loss --seed 7', 'with other targets'],
        ['shakedown run node-power-loss --cluster mine', 'on the cluster that `shakedown up mine` booted'],
        ['shakedown run pod-kill --context staging', 'on a cluster of yours: see docs/clusters.md first'],
        ['shakedown run etcd-leader-loss --bia examples/bia.yaml', 'against what the business needs of each service'],
        ['shakedown run etcd-leader-loss --label slow-disk', 'for `shakedown compare slow-disk fast-disk`'],
        ['shakedown run runs/ID/run.json', 'what that run did, again'],
      ),
    )
    .action(async (name: string, flags: RunFlags) => {
      await run(name, flags);
    });
}
