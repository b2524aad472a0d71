import { Command } from 'commander';

import type { ScenarioPlan } from '../run/index.ts';
import { onChosenCluster, type ClusterFlags } from './chosen-cluster.ts';
import { examples } from './examples.ts';
import { columns, outputWidth, printJson, printLines } from './print.ts';
import { parseSeed } from './seed.ts';
import { inSession } from './session.ts';

interface PlanFlags extends ClusterFlags {
  readonly seed?: number;
  readonly json?: boolean;
}

export function planCommand(): Command {
  return new Command('plan')
    .description('Say what a run would break, and what stands in its way; changes nothing')
    .argument('<scenario>', 'a name from `shakedown list scenarios`, or a YAML or JSON file')
    .option('--seed <number>', 'the seed of the run to plan', parseSeed)
    .option('--cluster <name>', 'choose the targets from this running cluster')
    .option('--context <name>', 'choose them from the cluster of this context of a kubeconfig')
    .option('--kubeconfig <file>', 'where that context is; $KUBECONFIG or ~/.kube/config by default')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        ['shakedown plan etcd-leader-loss', 'the promises and the faults'],
        ['shakedown plan etcd-leader-loss --cluster mine --seed 7', 'with the targets that seed 7 chooses there'],
        ['shakedown plan pod-kill --context staging', 'on a cluster of yours; nothing is made there'],
      ),
    )
    .action(async (name: string, flags: PlanFlags) => {
      const { catalogue } = await import('./catalogue.ts');
      const { findScenario } = await import('./find-scenario.ts');
      const { planScenario } = await import('../run/index.ts');
      const { scenario, cluster } = await onChosenCluster(await findScenario(name), flags);
      const plan = await inSession(({ signal }) =>
        planScenario(scenario, catalogue, {
          signal,
          ...(flags.seed === undefined ? {} : { seed: flags.seed }),
          ...(cluster === undefined ? {} : { cluster }),
        }),
      );
      if (flags.json === true) printJson(plan);
      else printLines(linesOf(plan));
    });
}

function linesOf(plan: ScenarioPlan): readonly string[] {
  const where = plan.cluster === null ? 'a cluster booted for the run' : `the cluster ${plan.cluster}`;
  const width = outputWidth();
  const steps = plan.steps.flatMap((step) => [
    `${step.step}: ${step.from} after ${step.following ? 'the step before is gone' : 'the load is steady'}, held for ${step.hold}`,
    ...columns(
      [
        ...(step.obstacle === null ? [] : [['obstacle', step.obstacle]]),
        ...(step.targets.length === 0 ? [] : [['targets', step.targets.join(', ')]]),
        ['impact', step.impact],
      ],
      width,
    ),
  ]);
  return [
    `${plan.scenario}, seed ${String(plan.seed)}, on ${where}. Nothing was changed.`,
    '',
    ...steps,
    '',
    'Promised:',
    ...columns(
      plan.promises.map((promise) => [promise]),
      width,
    ),
  ];
}
