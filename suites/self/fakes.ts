import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type {
  Cluster,
  ClusterFacts,
  ClusterProvider,
  ClusterSpec,
  Place,
  PowerSwitch,
  Ran,
  Running,
  Shell,
} from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import type { Guarantee } from '../../harness/model/guarantee.ts';
import type { Scenario } from '../../harness/model/scenario.ts';
import type { Catalogue } from '../../harness/run/index.ts';
import { fingerprint } from '../../harness/run/fingerprint.ts';
import type { Instruments } from '../../harness/run/instruments.ts';

/** A cluster whose whole state is a directory: a file in it is something broken. Another process sees the same. */
export class FakeCluster implements Cluster {
  readonly facts: ClusterFacts;
  readonly kubeconfig = '/nowhere';
  readonly #directory: string;

  constructor(directory: string, name: string) {
    this.#directory = directory;
    const node = (n: string) => ({ name: n, role: 'worker', zone: `zone-${n}`, address: '198.18.0.1' }) as const;
    this.facts = {
      name,
      provider: 'local',
      owned: true,
      kubernetesVersion: 'v0.0.0',
      nodes: [node('w1'), node('w2')],
      capabilities: ['node-shell'],
      apiEndpoint: '',
      apiServers: [],
      etcd: null,
    };
  }

  get broken(): readonly string[] {
    return readdirSync(this.#directory).sort();
  }

  break(what: string): void {
    writeFileSync(join(this.#directory, what), '');
  }

  mend(what: string): void {
    rmSync(join(this.#directory, what), { force: true });
  }

  node(name: string): Shell {
    return this.#shell(name);
  }

  get host(): Shell {
    return this.#shell('host');
  }

  place(name: string): Promise<Place> {
    return Promise.resolve({ ...this.#shell(name), address: '198.18.0.9' });
  }

  power(): PowerSwitch {
    throw new HarnessError('not-here', 'a fake has no switches');
  }

  loadImages(): Promise<void> {
    return Promise.resolve();
  }

  collectLogs(directory: string): Promise<void> {
    mkdirSync(directory, { recursive: true });
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  /** Answers every script with what is broken on that node: the fingerprint is that list. */
  #shell(name: string): Shell {
    const answer = (): Ran => ({
      stdout: ['== fault', ...this.broken.filter((what) => what.startsWith(`${name}.`))].join('\n'),
      stderr: '',
      exitCode: 0,
    });
    return {
      name,
      exec: () => Promise.resolve(answer()),
      spawn: (): Running => {
        throw new Error('the fake spawns nothing');
      },
    };
  }
}

export class FakeProvider implements ClusterProvider {
  readonly name = 'local';
  /** The config of each cluster that was made. */
  readonly configs: string[] = [];
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  create(name: string, { config }: Pick<ClusterSpec, 'config'>): Promise<FakeCluster> {
    this.configs.push(config);
    mkdirSync(join(this.#root, name));
    return this.attach(name);
  }

  attach(name: string): Promise<FakeCluster> {
    if (!existsSync(join(this.#root, name)))
      return Promise.reject(new HarnessError('unknown-name', `There is no cluster named '${name}'`));
    return Promise.resolve(new FakeCluster(join(this.#root, name), name));
  }

  list(): Promise<readonly string[]> {
    return Promise.resolve(readdirSync(this.#root));
  }

  remove(name: string): Promise<void> {
    rmSync(join(this.#root, name), { recursive: true, force: true });
    return Promise.resolve();
  }
}

/** The fake behind a cluster. @throws Error when it is a real one */
export function fake(cluster: Cluster): FakeCluster {
  if (cluster instanceof FakeCluster) return cluster;
  throw new Error('the fakes work on a FakeCluster');
}

type Plan = { readonly node: string };

/** Breaks a file's worth on one node. Subclasses misbehave in one way each. */
export class FakeFault implements Fault<{ readonly node: string }, Plan> {
  readonly name: string = 'fake-fault';
  readonly summary = 'Breaks a fake.';
  readonly needs = ['node-shell'] as const;
  readonly minimumHoldMs = 1;
  params(given: unknown): { readonly node: string } {
    return { node: (given as { readonly node?: string }).node ?? 'w1' };
  }
  obstacle(): string | null {
    return null;
  }
  plan(_context: FaultContext, params: { readonly node: string }): Promise<Plan> {
    return Promise.resolve({ node: params.node });
  }
  targets(plan: Plan): readonly string[] {
    return [plan.node];
  }
  impact(): string {
    return 'a file appears';
  }
  leashes(): readonly [] {
    return [];
  }
  inject({ cluster, mark }: FaultContext, { node }: Plan): Promise<void> {
    fake(cluster).break(`${node}.${mark}`);
    return Promise.resolve();
  }
  proveActive({ cluster, mark }: FaultContext, { node }: Plan): Promise<string> {
    if (fake(cluster).broken.includes(`${node}.${mark}`)) return Promise.resolve('the file is there');
    return Promise.reject(new HarnessError('fault-not-active', 'the file is not there'));
  }
  heal({ cluster, mark }: FaultContext, { node }: Plan): Promise<void> {
    fake(cluster).mend(`${node}.${mark}`);
    return Promise.resolve();
  }
  proveGone({ cluster, mark }: FaultContext, { node }: Plan): Promise<string> {
    if (!fake(cluster).broken.includes(`${node}.${mark}`)) return Promise.resolve('no file is left');
    return Promise.reject(new HarnessError('fault-not-gone', 'the file is still there'));
  }
}

/** Holds when the history shows a fault that was felt; knows nothing otherwise. */
export const feltGuarantee: Guarantee = {
  name: 'felt',
  summary: 'A fault was felt.',
  params: (given) => given,
  promise: () => 'felt - a fault is felt',
  judge: (history) =>
    history.some((event) => event.kind === 'fault' && event.phase === 'felt')
      ? { status: 'held', measured: 'it was felt', figures: [] }
      : { status: 'unknown', because: 'nothing was felt' },
};

export const fakeInstruments: Instruments = {
  fingerprint,
  settleMs: 100,
  steadyWithinMs: 1_000,
  prepare: () => Promise.resolve(),
  deploy: () => Promise.resolve({ namespace: 'n', workloads: [], untilReady: () => Promise.resolve() }),
  settings: () => Promise.resolve([{ name: 'grace', value: '40s', source: 'a fake' }]),
  measure: () =>
    Promise.resolve({
      untilSteady: () => Promise.resolve(),
      readBack: () => Promise.resolve(),
      stop: () => Promise.resolve([]),
    }),
};

export const fakeScenario: Scenario = {
  name: 'fake',
  summary: 'A fake.',
  seed: 7,
  workloads: [],
  recoverWithin: '1s',
  cluster: { provider: 'local', config: 'none.yaml', etcd: 'own' },
  load: { rate: 20, timeout: '1s', modes: ['new'] },
  faults: [{ fault: 'fake-fault', params: { node: 'w1' }, from: '1ms', hold: '20ms' }],
  guarantees: [{ guarantee: 'felt', params: {} }],
};

export function fakeCatalogue(root: string, ...faults: readonly Fault[]): Catalogue {
  const jsonReporter: Catalogue['reporters'][number] = {
    name: 'json',
    write: (report, _history, directory) => {
      writeFileSync(join(directory, 'run.json'), JSON.stringify(report));
      return Promise.resolve([join(directory, 'run.json')]);
    },
  };
  return {
    faults,
    guarantees: [feltGuarantee],
    workloads: [],
    reporters: [jsonReporter],
    providers: [new FakeProvider(root)],
  };
}
