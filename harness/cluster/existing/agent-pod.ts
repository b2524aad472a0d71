import { HarnessError } from '../../model/errors.ts';
import type { RawNode } from './raw-node.ts';

/** Where everything is that makes the nodes' shells; made for one run and removed with it. */
export const agentNamespace = 'shakedown-nodes';
/** The agent listens here on the node itself, for the run's own key. */
export const agentPort = 10_299;
export const secretName = 'agent';
export const podName = (node: string): string => `node-${node}`;

const program = '/agent/node-agent';
/** What the harness lays into the container, and how a container that was started again finds it there. */
export const laid = { partial: `${program}.new`, program } as const;
const waitAndServe = `until [ -x ${program} ]; do sleep 0.1; done; exec ${program} serve ${String(agentPort)} /keys`;

/** The folders that hold a shell and what it needs to start, by the machine's architecture. */
const systemFolders: Readonly<Record<string, readonly string[]>> = {
  amd64: ['/bin', '/lib', '/lib64', '/usr'],
  arm64: ['/bin', '/lib', '/usr'],
};

/**
 * The pod that holds a node's agent. It needs no image of ours: it takes any that the node has, and of the node's own
 * folders the shell that waits for the agent to be laid in.
 * @param image one that has a shell and that the node can pull, in place of that
 * @throws HarnessError `not-here` when the node has none
 */
export function agentPod(node: RawNode, run: string, image?: string): Readonly<Record<string, unknown>> {
  const { name } = node.metadata;
  const folders = image === undefined ? (systemFolders[node.status?.nodeInfo?.architecture ?? ''] ?? []) : [];
  const volumeOf = (folder: string): string => `node${folder.replaceAll('/', '-')}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: podName(name), namespace: agentNamespace, labels: labelsOf(run) },
    spec: {
      nodeName: name,
      hostPID: true,
      hostNetwork: true,
      hostIPC: true,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 0,
      priorityClassName: 'system-node-critical',
      tolerations: [{ operator: 'Exists' }],
      containers: [
        {
          name: 'agent',
          image: image ?? smallestImage(node),
          imagePullPolicy: image === undefined ? 'Never' : 'IfNotPresent',
          command: ['/bin/sh', '-c', waitAndServe],
          workingDir: '/',
          securityContext: { privileged: true, runAsUser: 0, runAsGroup: 0 },
          volumeMounts: [
            { name: 'agent', mountPath: '/agent' },
            { name: 'keys', mountPath: '/keys', readOnly: true },
            ...folders.map((folder) => ({ name: volumeOf(folder), mountPath: folder, readOnly: true })),
          ],
        },
      ],
      volumes: [
        // Beside the container, so that one that is started again has its program.
        { name: 'agent', emptyDir: {} },
        { name: 'keys', secret: { secretName, defaultMode: 0o400 } },
        ...folders.map((path) => ({ name: volumeOf(path), hostPath: { path, type: 'Directory' } })),
      ],
    },
  };
}

export const labelsOf = (run: string): Readonly<Record<string, string>> => ({ 'shakedown.dev/run': run });

function smallestImage({ metadata, status }: RawNode): string {
  const images = [...(status?.images ?? [])].sort((a, b) => (a.sizeBytes ?? 0) - (b.sizeBytes ?? 0));
  // By a tag where there is one: a digest of an image that was loaded from a file cannot be resolved.
  const names = images.flatMap(({ names: each }) => (each ?? []).filter((name) => !/@|<none>/.test(name)));
  const [found] = names;
  if (found !== undefined) return found;
  throw new HarnessError('not-here', `Node ${metadata.name} tells of no image that it has, to make its shell from`, {
    hint: 'SHAKEDOWN_NODE_IMAGE=IMAGE shakedown ..., with an image that has a shell and that the nodes can pull',
  });
}
