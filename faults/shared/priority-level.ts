import { hasStatus } from '../../harness/kube/index.ts';
import type { Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { FaultContext } from '../../harness/model/fault.ts';
import { adminConfig, kubectlOn } from './kubectl.ts';
import { withClient } from './pods.ts';

/** How the API counts the requests of service accounts (API priority and fairness). */
export type PriorityLevel = {
  readonly name: string;
  /** How many requests of one account may wait at most. */
  readonly queueable: number;
};

interface RawLevel {
  readonly spec: {
    readonly limited?: {
      readonly limitResponse?: {
        readonly queuing?: { readonly handSize?: number; readonly queueLengthLimit?: number };
      };
    };
  };
}

const group = '/apis/flowcontrol.apiserver.k8s.io/v1';

/** @throws HarnessError `refused` where service accounts are not limited */
export async function levelOfAccounts(context: FaultContext): Promise<PriorityLevel> {
  const { signal } = context;
  return withClient(context, async (client) => {
    try {
      const schema = (await client.request(`${group}/flowschemas/service-accounts`, { signal })) as {
        readonly spec: { readonly priorityLevelConfiguration: { readonly name: string } };
      };
      const { name } = schema.spec.priorityLevelConfiguration;
      const { spec } = (await client.request(`${group}/prioritylevelconfigurations/${name}`, { signal })) as RawLevel;
      if (spec.limited === undefined)
        throw new HarnessError('refused', `The priority level ${name} of service accounts has no limit`);
      const { handSize = 0, queueLengthLimit = 0 } = spec.limited.limitResponse?.queuing ?? {};
      return { name, queueable: handSize * queueLengthLimit };
    } catch (error) {
      if (hasStatus(error, 404))
        throw new HarnessError('refused', 'The API has no priority level for service accounts', { cause: error });
      throw error;
    }
  });
}

/** What an API server counts of one priority level. */
export interface LevelState {
  readonly waiting: number;
  readonly executing: number;
  /** Since it started: refused at once, or after too long a wait. */
  readonly rejected: number;
}

/** Asks the API server itself, from its own node and as its administrator, whom it never lets wait. */
export async function levelState(
  shell: Shell,
  server: string,
  level: string,
  signal: AbortSignal,
): Promise<LevelState> {
  const path = '/debug/api_priority_and_fairness/dump_priority_levels';
  const args = ['--kubeconfig', adminConfig, '--server', server, 'get', '--raw', path];
  const { ok, said } = await kubectlOn(shell, args, signal);
  const [heads = [], ...rows] = said.split('\n').map((line) => line.split(',').map((field) => field.trim()));
  const row = rows.find(([name]) => name === level);
  if (!ok || row === undefined)
    throw new HarnessError(
      'refused',
      `The API server ${server} does not tell of its priority levels: ${said.slice(0, 200)}`,
    );
  const count = (head: string): number => Number(row[heads.indexOf(head)] ?? 0) || 0;
  return {
    waiting: count('WaitingRequests'),
    executing: count('ExecutingRequests'),
    rejected: count('RejectedRequests') + count('TimedoutRequests'),
  };
}
