import type { Manifest } from '../../harness/model/workload.ts';

export const arrivalKinds = ['Deployment', 'Job'] as const;
export type ArrivalKind = (typeof arrivalKinds)[number];

const apiVersions: Readonly<Record<ArrivalKind, string>> = { Deployment: 'apps/v1', Job: 'batch/v1' };

/** Where objects of the kind are made. */
export const collectionOf = (kind: ArrivalKind, namespace: string): string =>
  `/apis/${apiVersions[kind]}/namespaces/${namespace}/${kind.toLowerCase()}s`;

export interface Arrival {
  readonly name: string;
  readonly namespace: string;
  /** The same for all of one run. */
  readonly series: string;
  readonly replicas: number;
  readonly image: string;
}

/** An object from which a controller is to make so many pods, once. Those of a Job do not end by themselves either. */
export function arrivalManifest(kind: ArrivalKind, { name, namespace, series, replicas, image }: Arrival): Manifest {
  const labels = { app: 'arrival', series, arrival: name };
  const container = {
    name: 'web',
    image,
    resources: { requests: { cpu: '5m', memory: '16Mi' }, limits: { memory: '64Mi' } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  };
  const pod = {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 1,
    securityContext: { runAsNonRoot: true, runAsUser: 65_534, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container],
  };
  const spec =
    kind === 'Deployment'
      ? { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } }
      : {
          parallelism: replicas,
          completions: replicas,
          backoffLimit: 0,
          template: { metadata: { labels }, spec: { ...pod, restartPolicy: 'Never' } },
        };
  return { apiVersion: apiVersions[kind], kind, metadata: { name, namespace, labels }, spec };
}
