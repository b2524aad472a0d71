import type { Manifest } from '../../harness/model/workload.ts';
import { imageNames } from '../../harness/toolchain/index.ts';
import type { DataOptions } from './options.ts';

export const dataNodePort = 30_079;

const name = 'ledger';
const labels = { app: name } as const;
const clientPort = 2379;
const peerPort = 2380;
/** Below the kubelet's own folder: on every node there is one, and it goes when the node does. */
const hostFolder = '/var/lib/kubelet/shakedown-ledger';

/** The data service: an etcd of its own, one member per zone, behind a NodePort. */
export function dataManifests(namespace: string, data: DataOptions): readonly Manifest[] {
  const metadata = { name, namespace, labels };
  const service = (serviceName: string, spec: Readonly<Record<string, unknown>>): Manifest => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...metadata, name: serviceName },
    spec: { selector: labels, ...spec },
  });
  const set: Manifest = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata,
    spec: {
      replicas: data.replicas,
      serviceName: name,
      // The first members need each other to become ready.
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec(namespace, data) },
    },
  };
  const budget: Manifest = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata,
    spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
  };
  const members = memberNames(data);
  return [
    // A name for each member that is there before the pods are and stays when they move: a name that is asked for too
    // early is remembered as absent by the cluster's DNS for half a minute.
    ...members.map((member) =>
      service(member, {
        selector: { ...labels, 'statefulset.kubernetes.io/pod-name': member },
        publishNotReadyAddresses: true,
        ports: [
          { name: 'client', port: clientPort },
          { name: 'peer', port: peerPort },
        ],
      }),
    ),
    service(name, {
      type: 'NodePort',
      ports: [{ name: 'client', port: clientPort, targetPort: 'client', nodePort: dataNodePort }],
    }),
    ...(data.replicas > 1 ? [budget] : []),
    set,
  ];
}

const memberNames = ({ replicas }: DataOptions): readonly string[] =>
  Array.from({ length: replicas }, (_, index) => `${name}-${String(index)}`);

function podSpec(namespace: string, data: DataOptions): Readonly<Record<string, unknown>> {
  const { tolerationSeconds: seconds, node } = data;
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 10,
    ...(node === null
      ? { topologySpreadConstraints: [onePerZone] }
      : { nodeSelector: { 'kubernetes.io/hostname': node } }),
    ...(seconds === null ? {} : { tolerations: ['not-ready', 'unreachable'].map(toleration(seconds)) }),
    containers: [
      {
        name: 'etcd',
        image: imageNames.etcd,
        args: etcdArguments(namespace, data),
        env: [{ name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
        ports: [
          { name: 'client', containerPort: clientPort },
          { name: 'peer', containerPort: peerPort },
        ],
        // Ready only while its member can read through a quorum.
        readinessProbe: { httpGet: { path: '/readyz', port: 'client' }, periodSeconds: 1, timeoutSeconds: 1 },
        volumeMounts: [
          { name: 'data', mountPath: '/data', ...(data.storage === 'hostPath' ? { subPathExpr: '$(POD)' } : {}) },
        ],
        resources: { requests: { cpu: '20m', memory: '64Mi' } },
      },
    ],
    volumes: [{ name: 'data', ...volumeSource(data.storage) }],
  };
}

function etcdArguments(namespace: string, data: DataOptions): readonly string[] {
  const url = (member: string, port: number): string => `http://${member}.${namespace}.svc:${String(port)}`;
  const members = memberNames(data);
  return [
    '--name=$(POD)',
    '--data-dir=/data/etcd',
    `--listen-client-urls=http://0.0.0.0:${String(clientPort)}`,
    `--listen-peer-urls=http://0.0.0.0:${String(peerPort)}`,
    `--advertise-client-urls=${url('$(POD)', clientPort)}`,
    `--initial-advertise-peer-urls=${url('$(POD)', peerPort)}`,
    `--initial-cluster=${members.map((member) => `${member}=${url(member, peerPort)}`).join(',')}`,
    `--initial-cluster-token=${namespace}-${name}`,
    '--initial-cluster-state=new',
    ...(data.fsync ? [] : ['--unsafe-no-fsync']),
  ];
}

function volumeSource(storage: DataOptions['storage']): Readonly<Record<string, unknown>> {
  switch (storage) {
    case 'emptyDir':
      return { emptyDir: {} };
    case 'memory':
      return { emptyDir: { medium: 'Memory', sizeLimit: '512Mi' } };
    case 'hostPath':
      return { hostPath: { path: hostFolder, type: 'DirectoryOrCreate' } };
  }
}

const onePerZone = {
  maxSkew: 1,
  topologyKey: 'topology.kubernetes.io/zone',
  whenUnsatisfiable: 'DoNotSchedule',
  labelSelector: { matchLabels: labels },
};

const toleration = (tolerationSeconds: number) => (condition: string) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds,
});
