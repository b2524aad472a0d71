import type { Manifest } from '../../harness/model/workload.ts';

const name = 'prometheus';
const labels = { app: name } as const;
const port = 9090;
const watched = 'web-targets';
const configFolder = '/etc/prometheus';
const dataFolder = '/prometheus';

/** Four looks in a row that failed: a pod that starts or ends is no alarm. */
const rules = {
  groups: [
    {
      name: 'shakedown',
      interval: '1s',
      rules: [
        { alert: 'TargetDown', expr: 'up == 0', for: '3s', labels: { severity: 'critical' } },
        // It always fires: where it is missing, nobody watches.
        { alert: 'Watchdog', expr: 'vector(1)' },
      ],
    },
  ],
};

/** Pods are found by the names of a Service without an address of its own: Debian's build cannot ask the API for them. */
const config = (namespace: string) => ({
  global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
  rule_files: [`${configFolder}/rules.yml`],
  scrape_configs: [
    {
      job_name: 'web',
      dns_sd_configs: [{ names: [`_http._tcp.${watched}.${namespace}.svc`], type: 'SRV', refresh_interval: '1s' }],
    },
  ],
});

/** The configuration, two Services (Prometheus itself, and the pods of web that it finds by name) and the Deployment. */
export function prometheusManifests(namespace: string, image: string): readonly Manifest[] {
  const metadata = { name, namespace, labels };
  // JSON is YAML too.
  const data = { 'prometheus.yml': JSON.stringify(config(namespace)), 'rules.yml': JSON.stringify(rules) };
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ name: 'http', port, targetPort: 'http' }] },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: watched, namespace, labels },
      // A pod that is not ready is what an alert is for.
      spec: {
        clusterIP: 'None',
        publishNotReadyAddresses: true,
        selector: { app: 'web' },
        ports: [{ name: 'http', port: 8080, targetPort: 'http' }],
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podSpec(image) },
      },
    },
  ];
}

const podSpec = (image: string): Readonly<Record<string, unknown>> => ({
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  terminationGracePeriodSeconds: 5,
  securityContext: { runAsNonRoot: true, runAsUser: 65_534, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    {
      name,
      image,
      args: [`--config.file=${configFolder}/prometheus.yml`, `--storage.tsdb.path=${dataFolder}`],
      ports: [{ name: 'http', containerPort: port }],
      readinessProbe: { httpGet: { path: '/-/ready', port: 'http' }, periodSeconds: 1, timeoutSeconds: 1 },
      resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '256Mi' } },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      volumeMounts: [
        { name: 'config', mountPath: configFolder },
        { name: 'data', mountPath: dataFolder },
      ],
    },
  ],
  volumes: [
    { name: 'config', configMap: { name } },
    { name: 'data', emptyDir: {} },
  ],
});
