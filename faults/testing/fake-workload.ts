import { FakeAnswer, type Call } from './fake-api.ts';
import type { Answer } from './fake-shell.ts';

interface FakePod {
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  readonly address: string;
  container: string;
  restarts: number;
  stopped: boolean;
  /** Its container has ended, and its kubelet waits before it starts it again. */
  waits: boolean;
  /** The id of the container before, and why it ended. */
  last: { readonly id: string; readonly reason: string } | null;
  readonly hung: Set<string>;
}

const namespace = 'shakedown';
const container = {
  name: 'web',
  image: 'web:1',
  ports: [{ containerPort: 8_080 }],
  resources: { limits: { memory: '64Mi' } },
};
const template = { spec: { containers: [container] } };

/** The web workload on a cluster: its deployment, six pods on the workers, the processes and the server in each. */
export class FakeWorkload {
  /** When true, whatever would change something does nothing and says that it did. */
  deaf = false;
  /** When true, a container that ends is not started again at once. */
  backsOff = false;
  /** When false, the API does not tell its pods. */
  lists = true;
  /** How many evictions its budget allows. */
  budget = 100;
  pods: FakePod[];
  template: unknown = template;
  readonly cordoned = new Set<string>();
  #made = 0;

  constructor(nodes: readonly string[]) {
    this.pods = [...nodes, ...nodes].map((node) => this.#make(node));
  }

  has(target: string): boolean {
    return (
      target === `namespace ${namespace}` ||
      target === `deployment ${namespace}/web` ||
      this.pods.some(({ name }) => target === `pod ${namespace}/${name}`)
    );
  }

  /** Replaced pods and counted restarts are no change: they are what a controller makes good. */
  changes(): readonly string[] {
    return [
      ...this.pods.filter(({ stopped, hung }) => stopped || hung.size > 0).map(({ name }) => `${name} is touched`),
      ...[...this.cordoned].map((node) => `${node} is cordoned`),
      ...(this.template === template ? [] : ['web has another template']),
    ];
  }

  nodeSpec(name: string): unknown {
    const taints = [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }];
    return this.cordoned.has(name) ? { unschedulable: true, taints } : {};
  }

  /** What a command on a node finds in its pods. Undefined for what is no business of theirs. */
  answer(command: string): Answer | undefined {
    if (command.includes('SHAKEDOWN_EATER')) return this.#eat(command);
    const [, address] = /\/dev\/tcp\/(10\.1\.[\d.]+)\/8080/.exec(command) ?? [];
    if (address !== undefined) return this.#serve(address, command);
    if (!command.includes('/cgroup)')) return undefined;
    const pod = this.pods.find(({ uid, container }) => command.includes(uid) || command.includes(container));
    if (pod === undefined) return '';
    if (command.includes('kill -CONT')) pod.stopped = false;
    else if (!this.deaf && command.includes('kill -STOP')) pod.stopped = true;
    else if (!this.deaf && command.includes('kill -KILL')) this.#restart(pod, 'Error');
    return command.includes('/stat)"') ? `77 ${pod.stopped ? 'T' : 'S'} ${'0 '.repeat(18)}5 0` : '';
  }

  answerApi(path: string, { method, body, query }: Call): unknown {
    const [, node] = /^\/api\/v1\/nodes\/(\w+)$/.exec(path) ?? [];
    if (node !== undefined && method === 'PATCH') return this.#cordon(node, body);
    if (path === `/apis/apps/v1/namespaces/${namespace}/deployments/web`) return this.#deployment(method, body);
    if (path === '/api/v1/pods' || path === `/api/v1/namespaces/${namespace}/pods`)
      return this.lists ? this.#list() : new FakeAnswer(503, { kind: 'Status', message: 'no leader' });
    const [, name, evicted] = /^\/api\/v1\/namespaces\/shakedown\/pods\/([\w-]+)(\/eviction)?$/.exec(path) ?? [];
    const pod = this.pods.find((each) => each.name === name);
    if (pod === undefined) return undefined;
    if (evicted === undefined && method === 'GET') return this.#object(pod);
    if (evicted !== undefined && this.budget === 0) return refusal;
    if (!this.deaf && !query.has('dryRun')) this.#replace(pod, evicted !== undefined);
    return { kind: 'Status', status: 'Success' };
  }

  #make(node: string): FakePod {
    this.#made += 1;
    const number = String(this.#made);
    return {
      name: `web-${number}`,
      uid: `uid-of-${number}-end`,
      node,
      address: `10.1.0.${number}`,
      container: `container-${number}-0`,
      restarts: 0,
      stopped: false,
      waits: false,
      last: null,
      hung: new Set(),
    };
  }

  #replace(pod: FakePod, byBudget: boolean): void {
    if (byBudget) this.budget -= 1;
    const elsewhere = this.pods.find(({ node }) => !this.cordoned.has(node))?.node ?? pod.node;
    this.pods = this.pods.map((each) => (each === pod ? this.#make(elsewhere) : each));
  }

  #restart(pod: FakePod, reason: string): void {
    pod.last = { id: pod.container, reason };
    if (this.backsOff) {
      pod.waits = true;
      pod.container = `${pod.container}-ended`;
      return;
    }
    pod.restarts += 1;
    pod.container = `${pod.container.slice(0, pod.container.lastIndexOf('-'))}-${String(pod.restarts)}`;
  }

  #eat(command: string): Answer {
    const pod = this.pods.find(({ container }) => command.includes(container));
    if (command.includes('tail /dev/zero') && pod !== undefined && !this.deaf) this.#restart(pod, 'OOMKilled');
    return command.includes('echo $n') ? '0' : '';
  }

  #serve(address: string, command: string): Answer {
    const pod = this.pods.find((each) => each.address === address);
    if (pod === undefined) return { exitCode: 124 };
    const told = /\/(un)?hang(?:\?what=(\w+))?/.exec(command);
    if (told !== null) {
      const things = told[2] === undefined ? ['requests', 'ready', 'live'] : [told[2]];
      for (const thing of things) {
        if (told[1] === 'un') pod.hung.delete(thing);
        else if (!this.deaf) pod.hung.add(thing);
      }
      return 'HTTP/1.0 200 OK';
    }
    const thing = command.includes('/readyz') ? 'ready' : command.includes('/healthz') ? 'live' : 'requests';
    if (command.includes('/no-such-path')) return 'HTTP/1.0 404 Not Found';
    return pod.hung.has(thing) ? { exitCode: 124 } : 'HTTP/1.0 200 OK';
  }

  #cordon(node: string, body: unknown): unknown {
    const { spec } = body as { readonly spec: { readonly unschedulable: boolean | null } };
    if (spec.unschedulable !== true) this.cordoned.delete(node);
    else if (!this.deaf) this.cordoned.add(node);
    return {};
  }

  #deployment(method: string, body: unknown): unknown {
    if (method === 'PATCH' && !this.deaf)
      this.#roll(body as readonly { readonly path: string; readonly value: unknown }[]);
    const whole = this.template === template;
    const counts = whole
      ? { replicas: 6, readyReplicas: 6, updatedReplicas: 6 }
      : { replicas: 8, readyReplicas: 5, updatedReplicas: 3 };
    return {
      metadata: { name: 'web', uid: 'uid-of-web', generation: 1 },
      spec: { replicas: 6, template: this.template, strategy: { type: 'RollingUpdate' } },
      status: { observedGeneration: 1, ...counts },
    };
  }

  #roll([change]: readonly { readonly path: string; readonly value: unknown }[]): void {
    if (change?.path === '/spec/template') {
      const same = JSON.stringify(change.value) === JSON.stringify(template);
      this.template = same ? template : change.value;
      return;
    }
    const field = change?.path.split('/').at(-1) ?? '';
    this.template = { spec: { containers: [{ ...template.spec.containers[0], [field]: change?.value }] } };
  }

  #list(): unknown {
    const containers = (this.template as typeof template).spec.containers;
    const image = containers[0]?.image !== template.spec.containers[0]?.image;
    const fresh = {
      metadata: { name: 'web-new', namespace, uid: 'uid-of-new', resourceVersion: '1' },
      spec: { nodeName: 'w1', containers },
      status: {
        containerStatuses: [
          {
            name: 'web',
            ready: false,
            restartCount: 0,
            state: image ? { waiting: { reason: 'ErrImagePull' } } : { running: {} },
          },
        ],
      },
    };
    const items = this.pods.map((pod) => this.#object(pod));
    return { metadata: { resourceVersion: '1' }, items: this.template === template ? items : [...items, fresh] };
  }

  #object({ name, uid, node, address, container, restarts, waits, last }: FakePod): unknown {
    const ended =
      last === null
        ? {}
        : { terminated: { containerID: `containerd://${last.id}`, reason: last.reason, exitCode: 137 } };
    return {
      metadata: {
        name,
        namespace,
        uid,
        resourceVersion: '1',
        labels: { app: 'web' },
        ownerReferences: [{ kind: 'ReplicaSet', name: 'web-rs', controller: true }],
      },
      spec: { nodeName: node, ...template.spec },
      status: {
        phase: 'Running',
        podIP: address,
        conditions: [{ type: 'Ready', status: waits ? 'False' : 'True' }],
        containerStatuses: [
          {
            name: 'web',
            ready: true,
            containerID: `containerd://${container}`,
            restartCount: restarts,
            lastState: ended,
          },
        ],
      },
    };
  }
}

const refusal = new FakeAnswer(429, {
  kind: 'Status',
  reason: 'TooManyRequests',
  message: "Cannot evict pod as it would violate the pod's disruption budget.",
  details: {
    causes: [
      { reason: 'DisruptionBudget', message: 'The disruption budget web needs 4 healthy pods and has 4 currently' },
    ],
  },
});
