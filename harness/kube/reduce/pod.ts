import type { ContainerState, PodState } from '../../model/objects.ts';
import { conditionOf, controllerOf, type Condition, type KubeObject } from '../object.ts';

interface Terminated {
  readonly reason?: string;
  readonly finishedAt?: string;
}

interface ContainerStatus {
  readonly name?: string;
  readonly restartCount: number;
  readonly state?: { readonly running?: object; readonly terminated?: Terminated };
  readonly lastState?: { readonly terminated?: Terminated };
}

interface RawPod extends KubeObject {
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

function newestTermination(containers: readonly ContainerStatus[]): string | null {
  const ended = containers
    .flatMap(({ state, lastState }) => [state?.terminated, lastState?.terminated])
    .filter((one) => one !== undefined);
  const newest = ended.toSorted((a, b) => (a.finishedAt ?? '').localeCompare(b.finishedAt ?? '')).at(-1);
  return newest?.reason ?? null;
}

function reduceContainer({ name, restartCount, state }: ContainerStatus): ContainerState {
  const ended = state?.terminated === undefined ? 'waiting' : 'terminated';
  return { name: name ?? '', restarts: restartCount, state: state?.running === undefined ? ended : 'running' };
}

export function reducePod(object: KubeObject): PodState {
  const pod = object as RawPod;
  const containers = pod.status?.containerStatuses ?? [];
  const disruption = conditionOf(pod.status?.conditions, 'DisruptionTarget');
  return {
    node: pod.spec?.nodeName ?? null,
    phase: pod.status?.phase ?? 'Unknown',
    ready: conditionOf(pod.status?.conditions, 'Ready')?.status === 'True',
    labels: pod.metadata.labels ?? {},
    ...controllerOf(pod.metadata),
    deletionTimestamp: pod.metadata.deletionTimestamp ?? null,
    disruption: disruption?.status === 'True' ? (disruption.reason ?? '') : null,
    restarts: containers.reduce((sum, container) => sum + container.restartCount, 0),
    terminated: newestTermination(containers),
    containers: [...(pod.status?.initContainerStatuses ?? []), ...containers].map(reduceContainer),
  };
}
