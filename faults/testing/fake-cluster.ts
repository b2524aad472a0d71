import type {
  Capability,
  Cluster,
  ClusterFacts,
  NodeFacts,
  Place,
  PowerSwitch,
  Shell,
} from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { FaultContext } from '../../harness/model/fault.ts';
import type { HistoryEvent } from '../../harness/model/history.ts';
import { seeded } from '../../harness/util/random.ts';
import { FakeAddresses } from './fake-addresses.ts';
import { FakeAdmission } from './fake-admission.ts';
import { FakeApi, type Call } from './fake-api.ts';
import { FakeCertificates } from './fake-certificates.ts';
import { FakeEtcd } from './fake-etcd.ts';
import { FakeConntrack } from './fake-conntrack.ts';
import { FakeLeaders } from './fake-leaders.ts';
import { FakeSlowDisk } from './fake-slow-disk.ts';
import { FakeSpace } from './fake-space.ts';
import { FakeNetwork } from './fake-network.ts';
import { FakeOverload } from './fake-overload.ts';
import { FakeProgram } from './fake-program.ts';
import { FakeShell, type Answer } from './fake-shell.ts';
import { FakeWorkload } from './fake-workload.ts';
import { FakeWorkings } from './fake-workings.ts';

const controlPlanes = ['cp1', 'cp2', 'cp3'];
const workers = ['w1', 'w2', 'w3'];
const address = (name: string): string =>
  name.startsWith('cp') ? `10.0.0.1${name.slice(2)}` : `10.0.0.10${name.slice(1)}`;

/** A node that can be cut off and switched off; what was done to it is kept. */
class FakePower implements PowerSwitch {
  link: 'up' | 'down' = 'up';
  power: 'on' | 'off' = 'on';
  /** How often it was switched off. */
  boots = 0;
  /** When false, the switches are not connected to anything. */
  wired = true;
  readonly restoreScript = 'true\n';

  cutLink(): Promise<void> {
    if (this.wired) this.link = 'down';
    return Promise.resolve();
  }
  restoreLink(): Promise<void> {
    this.link = 'up';
    return Promise.resolve();
  }
  off(): Promise<void> {
    if (this.wired) {
      this.power = 'off';
      this.boots += 1;
    }
    return Promise.resolve();
  }
  on(): Promise<void> {
    this.power = 'on';
    return Promise.resolve();
  }
  state(): Promise<{ readonly link: 'up' | 'down'; readonly power: 'on' | 'off' }> {
    return Promise.resolve({ link: this.link, power: this.power });
  }
}

/** Three control planes and three workers that behave, as far as the faults look, like real ones. */
export class FakeCluster implements Cluster {
  readonly etcd = new FakeEtcd(controlPlanes, 'cp2');
  readonly facts: ClusterFacts;
  readonly overload = new FakeOverload();
  readonly host: Shell = new FakeShell('host', (command) => this.overload.answerHost(command));
  readonly kubeconfig: string;
  readonly #api: FakeApi;
  readonly #power = new Map([...controlPlanes, ...workers].map((name) => [name, new FakePower()]));
  readonly #programs = new Map(
    [...controlPlanes, ...workers].map((name) => [
      name,
      {
        kubelet: new FakeProgram('kubelet', 5252, 10_248),
        conntrack: new FakeConntrack(),
        ...(name.startsWith('cp') ? { apiserver: new FakeProgram('kube-apiserver', 6363, 6_443) } : {}),
      },
    ]),
  );
  readonly workings = new FakeWorkings([...controlPlanes, ...workers]);
  readonly addresses = new FakeAddresses();
  readonly network = new FakeNetwork([...controlPlanes, ...workers], address);
  readonly workload = new FakeWorkload(workers);
  readonly slowDisk = new FakeSlowDisk();
  readonly space = new FakeSpace();
  readonly leaders = new FakeLeaders(controlPlanes);
  readonly admission = new FakeAdmission();
  readonly #shells = new Map<string, FakeShell>();
  #looks = 0;

  readonly certificates: FakeCertificates;

  private constructor(api: FakeApi, certificates: FakeCertificates, capabilities: readonly Capability[]) {
    this.#api = api;
    this.certificates = certificates;
    this.kubeconfig = api.kubeconfig;
    this.facts = {
      name: 'fake',
      provider: 'local',
      owned: true,
      kubernetesVersion: 'v1.34.4',
      nodes: [...controlPlanes, ...workers].map((name): NodeFacts => ({
        name,
        role: name.startsWith('cp') ? 'control-plane' : 'worker',
        zone: `zone-${'abc'.charAt(Number(name.at(-1)) - 1)}`,
        address: address(name),
      })),
      capabilities,
      apiEndpoint: 'https://10.0.0.2:6443',
      apiServers: controlPlanes.map((node) => ({ node, url: `https://${address(node)}:6443` })),
      etcd: { wiring: 'own', etcdctl: ['etcdctl'] },
    };
  }

  static async start(
    capabilities: readonly Capability[] = ['node-shell', 'power', 'etcd', 'places'],
  ): Promise<FakeCluster> {
    const holder: { cluster?: FakeCluster } = {};
    const api = await FakeApi.start((path, call) => holder.cluster?.answerApi(path, call));
    holder.cluster = new FakeCluster(api, await FakeCertificates.make(), capabilities);
    return holder.cluster;
  }

  node(name: string): FakeShell {
    const known = this.#shells.get(name);
    if (known !== undefined) return known;
    if (!this.#power.has(name)) throw new HarnessError('unknown-name', `no node ${name}`);
    const shell = new FakeShell(name, (command, input) => this.#answer(name, command, input));
    this.#shells.set(name, shell);
    return shell;
  }

  power(name: string): FakePower {
    const found = this.#power.get(name);
    if (found === undefined) throw new HarnessError('unknown-name', `no node ${name}`);
    return found;
  }

  place(): Promise<Place> {
    return Promise.resolve(this.overload.place);
  }
  loadImages(): Promise<void> {
    throw new HarnessError('bug', 'this fake has no images');
  }
  buildProgram(): Promise<string> {
    return Promise.resolve(import.meta.filename);
  }
  collectLogs(): Promise<void> {
    throw new HarnessError('bug', 'this fake has no logs');
  }

  /** Whether there is a node or an object of that name, as plans name their targets. */
  has(target: string): boolean {
    return this.#power.has(target) || this.workload.has(target);
  }

  /** What differs from an untouched cluster. */
  changes(): readonly string[] {
    const switched = [...this.#power].filter(([name]) => !this.#isUp(name)).map(([name]) => `${name} is off`);
    const touched = [...this.#programs].filter(
      ([, { kubelet, apiserver, conntrack }]) =>
        kubelet.state !== 'S' || (apiserver?.state ?? 'S') !== 'S' || conntrack.marked > 0,
    );
    const changed = [
      ...this.workload.changes(),
      ...this.leaders.changes(),
      ...this.slowDisk.changes(),
      ...this.space.changes(),
      ...this.overload.changes(),
      ...this.certificates.changes(),
      ...this.admission.changes(),
      ...this.workings.changes(),
      ...this.network.changes(),
      ...this.addresses.changes(),
      ...this.etcd.changes(),
    ];
    return [...switched, ...touched.map(([name]) => `${name} is touched`), ...changed];
  }

  /** From now on whatever injects does nothing, and nobody says so. */
  disconnect(): void {
    this.etcd.deaf = true;
    this.network.disconnect();
    this.addresses.deaf = true;
    this.workings.disconnect();
    this.workload.deaf = true;
    this.leaders.disconnect();
    this.slowDisk.deaf = true;
    this.space.deaf = true;
    this.overload.deaf = true;
    this.certificates.deaf = true;
    this.admission.deaf = true;
    for (const power of this.#power.values()) power.wired = false;
    for (const { kubelet, apiserver, conntrack } of this.#programs.values()) {
      for (const program of [kubelet, apiserver, conntrack]) if (program !== undefined) program.deaf = true;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#api[Symbol.asyncDispose]();
  }

  #isUp = (name: string): boolean => this.power(name).link === 'up' && this.power(name).power === 'on';

  #admits = (name: string): boolean => this.#isUp(name) && this.#programs.get(name)?.conntrack.admits() !== false;

  #answer(name: string, command: string, input: string): Answer {
    const restarted = (): void => void this.#programs.get(name)?.kubelet.restart();
    const early =
      this.certificates.answer(name, command, input, restarted) ??
      this.overload.answer(command) ??
      this.space.answer(command) ??
      this.addresses.answer(name, command) ??
      this.network.answerStuck(command);
    if (early !== undefined) return early;
    const inPods =
      this.workload.answer(command) ?? this.leaders.answer(name, command) ?? this.slowDisk.answer(name, command);
    if (inPods !== undefined) return inPods;
    const inside = this.workings.answer(name, command, this.power(name).boots);
    if (inside !== undefined) return inside;
    const programs = this.#programs.get(name);
    for (const program of [programs?.kubelet, programs?.apiserver, programs?.conntrack]) {
      const answer = program?.answer(command);
      if (answer !== undefined) return answer;
    }
    const onNetwork = this.network.answer(name, command, input);
    if (onNetwork !== undefined) return onNetwork;
    const [, target, port] = /\/dev\/tcp\/([\d.]+)\/(\d+)/.exec(command) ?? [];
    if (target !== undefined) {
      const node = this.facts.nodes.find((each) => each.address === target);
      const passes = node === undefined || this.network.reaches(name, node.name, Number(port));
      return node === undefined || (this.#admits(node.name) && passes) ? '' : { exitCode: 124 };
    }
    if (controlPlanes.includes(name)) return this.etcd.answer(name, command, input);
    if (command.startsWith('nft list')) return { exitCode: 1, stderr: 'No such file or directory' };
    return { exitCode: 127, stderr: `unexpected: ${command}` };
  }

  /** Leases are newer at every look, while their node is up. */
  answerApi(path: string, call: Call): unknown {
    const node = (name: string): unknown => ({
      metadata: { name, uid: name, resourceVersion: '1' },
      spec: this.workload.nodeSpec(name),
      status: { conditions: [{ type: 'Ready', status: this.#isUp(name) ? 'True' : 'Unknown' }] },
    });
    const ofWorkload =
      this.admission.answerApi(path, call) ?? this.leaders.answerApi(path) ?? this.workload.answerApi(path, call);
    if (ofWorkload !== undefined) return ofWorkload;
    const inside =
      this.certificates.answerApi(path, (node) => this.#power.has(node)) ??
      this.overload.answerApi(path, call) ??
      this.space.answerApi(path, call) ??
      this.workings.answerApi(path, call) ??
      this.network.answerApi(path) ??
      this.addresses.answerApi(path, call);
    if (inside !== undefined) return inside;
    if (path === '/readyz') return 'ok';
    const name = path.split('/').at(-1) ?? '';
    if (path === '/api/v1/nodes')
      return { metadata: { resourceVersion: '1' }, items: [...this.#power.keys()].map(node) };
    if (path.startsWith('/api/v1/nodes/') && this.#power.has(name)) return node(name);
    if (path.includes('/kube-node-lease/leases/') && this.#power.has(name)) {
      if (this.#isUp(name)) this.#looks += 1;
      return { spec: { renewTime: `look ${String(this.#looks)}` } };
    }
    return undefined;
  }
}

/** A context of that seed; `signal` ends what would wait too long for a test. */
export function contextOf(
  cluster: Cluster,
  seed = 1,
  signal = AbortSignal.timeout(30_000),
): FaultContext & { readonly events: HistoryEvent[] } {
  const events: HistoryEvent[] = [];
  return {
    cluster,
    signal,
    random: seeded(seed),
    mark: 'm1',
    record: (event) => events.push(event),
    now: () => 0,
    events,
  };
}
