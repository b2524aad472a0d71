import { isAbsolute, join } from 'node:path';

import { HarnessError } from '../../model/errors.ts';

/** Where the clusters of this machine are kept: $SHAKEDOWN_STATE, else /var/lib/shakedown. */
export function stateRoot(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const chosen = env['SHAKEDOWN_STATE'] ?? '';
  if (chosen === '') return '/var/lib/shakedown';
  if (!isAbsolute(chosen))
    throw new HarnessError('bad-input', `SHAKEDOWN_STATE: expected an absolute path, found '${chosen}'`);
  return chosen;
}

/** The files of one cluster. */
export interface ClusterPaths {
  readonly root: string;
  readonly state: string;
  readonly kubeconfig: string;
  readonly authority: string;
  readonly endpoint: string;
  /** The load balancer's administration socket. */
  readonly endpointSocket: string;
  readonly places: string;
  node(name: string): NodePaths;
}

/** The files of one node, on the harness's machine. */
export interface NodePaths {
  readonly root: string;
  /** `PID STARTTIME` of the node's first process, as /proc/PID/stat counts it. */
  readonly initPid: string;
  readonly initScript: string;
  readonly powerOnScript: string;
  /** Exists until the services that wait for the API at the first start were told to start. */
  readonly firstBoot: string;
  readonly console: string;
  /** Which images the node has. */
  readonly images: string;
  readonly services: string;
  /** What the node's /etc has beyond the machine's. */
  readonly etc: string;
  readonly etcWork: string;
  readonly var: string;
}

export function clusterPaths(cluster: string, root: string = stateRoot()): ClusterPaths {
  const own = join(root, cluster);
  return {
    root: own,
    state: join(own, 'cluster.json'),
    kubeconfig: join(own, 'admin.conf'),
    authority: join(own, 'ca.crt'),
    endpoint: join(own, 'endpoint'),
    endpointSocket: join(own, 'endpoint/admin.sock'),
    places: join(own, 'places'),
    node: (name) => nodePaths(join(own, 'nodes', name)),
  };
}

const nodePaths = (root: string): NodePaths => ({
  root,
  initPid: join(root, 'init.pid'),
  initScript: join(root, 'init.sh'),
  powerOnScript: join(root, 'power-on.sh'),
  firstBoot: join(root, 'first-boot'),
  console: join(root, 'console.log'),
  images: join(root, 'images.json'),
  services: join(root, 'service'),
  etc: join(root, 'etc'),
  etcWork: join(root, 'etc-work'),
  var: join(root, 'var'),
});
