import type { Scenario } from '../model/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import { quoted } from '../util/shell-words.ts';

/** How a command line names a cluster that is up already. */
export interface ClusterFlags {
  /** One that `shakedown up` booted. */
  readonly cluster?: string;
  /** One of others. */
  readonly context?: string;
  readonly kubeconfig?: string;
}

/** A scenario on the cluster that was named, or on one of its own. */
export interface Chosen {
  readonly scenario: Scenario;
  readonly cluster?: string;
  /** What a command line must add to mean the same cluster. */
  readonly replayWith?: string;
}

/** @throws HarnessError `bad-input` when two clusters are named, or a kubeconfig without a context; `unknown-name` */
export async function onChosenCluster(scenario: Scenario, flags: ClusterFlags): Promise<Chosen> {
  const { cluster, context, kubeconfig } = flags;
  if (context === undefined) {
    if (kubeconfig === undefined) return { scenario, ...(cluster === undefined ? {} : { cluster }) };
    throw new HarnessError(
      'bad-input',
      '--kubeconfig: expected --context beside it; the current context is never taken',
      {
        hint: `kubectl --kubeconfig ${kubeconfig} config get-contexts`,
      },
    );
  }
  if (cluster !== undefined)
    throw new HarnessError(
      'bad-input',
      `Expected either --cluster or --context, found both '${cluster}' and '${context}'`,
    );
  const { findReference, nameOf } = await import('../cluster/existing/index.ts');
  const reference = findReference(context, kubeconfig);
  return {
    scenario: { ...scenario, cluster: { ...scenario.cluster, provider: 'existing' } },
    cluster: nameOf(reference),
    replayWith: `--context ${quoted(context)} --kubeconfig ${quoted(reference.kubeconfig)}`,
  };
}
