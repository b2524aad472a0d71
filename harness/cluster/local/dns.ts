import type { Manifest } from '../../model/workload.ts';
import type { ClusterPlan } from './plan.ts';

const namespace = 'kube-system';
const labels = { 'k8s-app': 'kube-dns' };

const corefile = `.:53 {
    errors
    health {
      lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
      pods insecure
      fallthrough in-addr.arpa ip6.arpa
      ttl 30
    }
    prometheus :9153
    cache 30 {
      disable success cluster.local
      disable denial cluster.local
    }
    loop
    reload
    loadbalance
}
`;

/** CoreDNS as kubeadm deploys it, but for the forwarder: the lab has no way out. Each with the path that creates it. */
export function dnsManifests(plan: ClusterPlan, image: string): readonly (readonly [string, Manifest])[] {
  const core = `/api/v1/namespaces/${namespace}`;
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const reads = (apiGroup: string, resources: readonly string[]): object => ({
    apiGroups: [apiGroup],
    resources,
    verbs: ['list', 'watch'],
  });
  return [
    [`${core}/serviceaccounts`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'coredns', namespace } }],
    [
      `${rbac}/clusterroles`,
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'system:coredns' },
        rules: [
          reads('', ['endpoints', 'services', 'pods', 'namespaces']),
          reads('discovery.k8s.io', ['endpointslices']),
        ],
      },
    ],
    [
      `${rbac}/clusterrolebindings`,
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'system:coredns' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:coredns' },
        subjects: [{ kind: 'ServiceAccount', name: 'coredns', namespace }],
      },
    ],
    [
      `${core}/configmaps`,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'coredns', namespace }, data: { Corefile: corefile } },
    ],
    [
      `${core}/services`,
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'kube-dns', namespace, labels: { ...labels, 'kubernetes.io/name': 'CoreDNS' } },
        spec: {
          clusterIP: plan.dnsAddress,
          selector: labels,
          ports: [
            { name: 'dns', port: 53, protocol: 'UDP' },
            { name: 'dns-tcp', port: 53, protocol: 'TCP' },
            { name: 'metrics', port: 9_153, protocol: 'TCP' },
          ],
        },
      },
    ],
    [`/apis/apps/v1/namespaces/${namespace}/deployments`, deployment(image)],
  ];
}

function deployment(image: string): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'coredns', namespace, labels },
    spec: {
      replicas: 2,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec(image) },
    },
  };
}

function podSpec(image: string): object {
  return {
    serviceAccountName: 'coredns',
    priorityClassName: 'system-cluster-critical',
    dnsPolicy: 'Default',
    tolerations: [
      { key: 'CriticalAddonsOnly', operator: 'Exists' },
      { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
    ],
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' },
          },
        ],
      },
    },
    containers: [
      {
        name: 'coredns',
        image,
        imagePullPolicy: 'IfNotPresent',
        args: ['-conf', '/etc/coredns/Corefile'],
        ports: [
          { containerPort: 53, name: 'dns', protocol: 'UDP' },
          { containerPort: 53, name: 'dns-tcp', protocol: 'TCP' },
          { containerPort: 9_153, name: 'metrics', protocol: 'TCP' },
        ],
        resources: { requests: { cpu: '20m', memory: '70Mi' }, limits: { memory: '170Mi' } },
        volumeMounts: [{ name: 'config', mountPath: '/etc/coredns', readOnly: true }],
        readinessProbe: { httpGet: { path: '/ready', port: 8_181 }, periodSeconds: 1 },
        livenessProbe: { httpGet: { path: '/health', port: 8_080 }, initialDelaySeconds: 60, timeoutSeconds: 5 },
      },
    ],
    volumes: [{ name: 'config', configMap: { name: 'coredns' } }],
  };
}
