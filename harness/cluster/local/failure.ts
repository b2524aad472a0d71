import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { HarnessError, messageOf } from '../../model/errors.ts';
import { clusterPaths } from './paths.ts';
import type { ClusterPlan } from './plan.ts';

const order = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'containerd',
  'kubelet',
  'kube-scheduler',
  'kube-proxy',
];
const alarming = /(\bpanic:|\bfatal\b|^E\d{4} |^F\d{4} |level=(error|fatal)|"level":"(error|fatal|panic)"|^Error)/;

/** Why a cluster did not come up: the phase, the reason, and the last alarming lines of the first service that has any. */
export async function failureReport(plan: ClusterPlan, phase: string, cause: unknown): Promise<HarnessError> {
  if (cause instanceof HarnessError && !['timed-out', 'command-failed', 'cluster-boot'].includes(cause.code))
    return cause;
  const lines = await lastWords(plan);
  return new HarnessError(
    'cluster-boot',
    `Cluster '${plan.name}' did not come up; it was ${phase}: ${messageOf(cause)}${lines}`,
    { hint: 'shakedown doctor' },
  );
}

async function lastWords(plan: ClusterPlan): Promise<string> {
  const paths = clusterPaths(plan.name);
  for (const service of order) {
    for (const { name } of plan.nodes) {
      const text = await readFile(join(paths.node(name).var, 'log', `${service}.log`), 'utf8').catch(() => '');
      const bad = text.split('\n').filter((line) => alarming.test(line));
      if (bad.length > 0)
        return `\nLast of ${service} on ${name}:\n  ${bad
          .slice(-4)
          .map((line) => line.slice(0, 300))
          .join('\n  ')}`;
    }
  }
  return '';
}
