import type { Manifest } from '../../harness/model/workload.ts';
import type { WebOptions } from './options.ts';

/** The same on every node and in every run, so that paths are known before the deployment is. */
export const nodePort = 30_080;

const labels = { app: 'web' } as const;
const port = 8080;
const fromField = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });

/**
 * Deployment, Service and, unless there is to be none, PodDisruptionBudget.
 * @param onPort the NodePort, of which each is there once in a cluster
 */
export function webManifests(
  namespace: string,
  options: WebOptions,
  image: string,
  onPort = nodePort,
): readonly Manifest[] {
  const metadata = { name: 'web', namespace, labels };
  const service: Manifest = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      type: 'NodePort',
      // Any node leads to any pod: a dead pod is then felt on every path, which is what is to be measured.
      externalTrafficPolicy: 'Cluster',
      selector: labels,
      ports: [{ name: 'http', port: 80, targetPort: 'http', nodePort: onPort }],
    },
  };
  const budget: Manifest = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata,
    spec: { minAvailable: options.minAvailable, selector: { matchLabels: labels } },
  };
  const deployment: Manifest = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: options.replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec(options, image) },
    },
  };
  return [service, ...(options.minAvailable === null ? [] : [budget]), deployment];
}

function podSpec(options: WebOptions, image: string): Readonly<Record<string, unknown>> {
  const { tolerationSeconds } = options;
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 30,
    securityContext: { runAsNonRoot: true, runAsUser: 65_534, seccompProfile: { type: 'RuntimeDefault' } },
    ...(options.spread ? { topologySpreadConstraints: [spreadOverZones(options)] } : {}),
    ...(tolerationSeconds === null
      ? {}
      : { tolerations: ['not-ready', 'unreachable'].map(toleration(tolerationSeconds)) }),
    containers: [
      {
        name: 'web',
        image,
        ports: [{ name: 'http', containerPort: port }],
        env: [
          fromField('POD', 'metadata.name'),
          fromField('NODE', 'spec.nodeName'),
          { name: 'LATENCY', value: `${String(options.latencyMs)}ms` },
        ],
        readinessProbe: probe('/readyz', options.readinessPeriodSeconds),
        ...(options.livenessPeriodSeconds === null
          ? {}
          : { livenessProbe: probe('/healthz', options.livenessPeriodSeconds) }),
        ...(options.preStopSeconds === 0
          ? {}
          : { lifecycle: { preStop: { sleep: { seconds: options.preStopSeconds } } } }),
        resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  };
}

const probe = (path: string, periodSeconds: number) => ({
  httpGet: { path, port: 'http' },
  periodSeconds,
  timeoutSeconds: 1,
  failureThreshold: 3,
});

const spreadOverZones = ({ whenUnsatisfiable }: WebOptions) => ({
  maxSkew: 1,
  topologyKey: 'topology.kubernetes.io/zone',
  whenUnsatisfiable,
  labelSelector: { matchLabels: labels },
  // Without it a rolling update counts the old pods too and may end with a lopsided new set.
  matchLabelKeys: ['pod-template-hash'],
});

const toleration = (tolerationSeconds: number) => (condition: string) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds,
});
