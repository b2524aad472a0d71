import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { HarnessError } from '../harness/model/errors.ts';
import type { Fault } from '../harness/model/fault.ts';
import type { Json } from '../harness/model/json.ts';
import { exec } from '../harness/util/exec.ts';
import { faults } from './index.ts';
import { contextOf, FakeCluster } from './testing/fake-cluster.ts';

const areas = ['control-plane', 'node', 'network', 'workload', 'mesh'];
const docs = join(import.meta.dirname, '..', 'docs', 'faults');

/** Parameter sets under which a fault must keep the contract; `{}` for all that are not named. */
const variants: Readonly<Record<string, readonly { readonly [key: string]: Json }[]>> = {
  'etcd-leader-loss': [{ how: 'kill' }, { how: 'pause' }, { how: 'partition' }, { how: 'move' }],
  'etcd-follower-loss': [{ how: 'kill' }, { how: 'pause' }, { how: 'partition' }],
  'apiserver-loss': [{ how: 'kill' }, { how: 'pause' }, { which: 'all' }],
  'az-partition': [{}, { mode: 'one-way' }, { mode: 'etcd-only' }],
  'az-loss': [{}, { how: 'link' }],
  'port-block': [{}, { protocol: 'udp', port: 53 }],
  'dns-outage': [{}, { mode: 'one' }],
  'node-partition': [{}, { direction: 'first-to-second' }],
  'controller-manager-loss': [{}, { how: 'pause' }],
  'scheduler-loss': [{}, { how: 'pause' }],
  'etcd-slow-disk': [{}, { which: 'follower' }],
  'expired-certificate': [{}, { which: 'kubelet-serving' }, { which: 'apiserver-serving' }],
  'etcd-quorum-loss': [{ really: true }],
  'webhook-outage': [{}, { policy: 'Ignore', timeoutSeconds: 1 }],
  'pod-kill': [{}, { how: 'delete', percentage: 50 }],
  'container-kill': [{}, { how: 'pause' }],
  drain: [{ patienceMs: 200 }, { count: 2, patienceMs: 200 }],
  'bad-rollout': [{}, { how: 'readiness' }],
  hang: [{}, { what: 'ready' }, { what: 'all' }],
  'node-power-loss': [{}, { zone: 'zone-b' }, { role: 'control-plane' }],
};

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    return error instanceof HarnessError ? error.code : String(error);
  }
}

const cases = faults.flatMap((fault) =>
  (variants[fault.name] ?? [{}]).map((given) => ({ fault, given, name: `${fault.name} ${JSON.stringify(given)}` })),
);

describe('the fault catalogue', () => {
  it('has unique names, each the name of one file', () => {
    const names = faults.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    for (const name of names) {
      const files = areas.filter((area) => existsSync(join(import.meta.dirname, area, `${name}.ts`)));
      expect(files, name).to.have.length(1);
    }
  });

  for (const { fault, given, name } of cases) {
    describe(name, () => {
      keepsTheContract(fault, given);
    });
  }

  describe('when it is injected', () => {
    const lives = new Map<string, Promise<readonly string[]>>();
    before('lets each live its life, many at once because they mostly wait', () => manyAtOnce(lives, lifeOf));
    for (const { name } of cases) {
      it(`${name} is felt, healed, healed again, and gone`, async () => {
        const [felt, gone, ...changes] = (await lives.get(name)) ?? [];
        expect(felt).to.match(/\S/);
        expect(gone).to.match(/\S/);
        expect(changes).to.deep.equal([]);
      });
    }
  });

  describe('when a fresh process heals what was never injected', () => {
    const heals = new Map<string, Promise<readonly string[]>>();
    before('lets each heal, many at once', () => manyAtOnce(heals, healOfNothing));
    for (const { name } of cases) {
      it(`${name} is gone, and nothing was changed`, async () => {
        const [gone, ...changes] = (await heals.get(name)) ?? [];
        expect(gone).to.match(/\S/);
        expect(changes).to.deep.equal([]);
      });
    }
  });

  describe('when the injector did nothing', () => {
    const codes = new Map<string, Promise<string>>();
    before('lets each look for its effect in vain, many at once', () => manyAtOnce(codes, proofAfterNoInjection));
    for (const { name } of cases) {
      it(`${name} is not active`, async () => {
        expect(await codes.get(name)).to.equal('fault-not-active');
      });
    }
  });
});

/** Does the same with every case; what fails does so in the test of its case. */
async function manyAtOnce<T>(
  done: Map<string, Promise<T>>,
  work: (fault: Fault, given: Json) => Promise<T>,
): Promise<void> {
  const waiting = [...cases];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const one = work(next.fault, next.given);
      done.set(next.name, one);
      await one.catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: 20 }, worker));
}

/** @returns the proofs that it is there and that it is gone, and what is not as it was */
async function lifeOf(fault: Fault, given: Json): Promise<readonly string[]> {
  await using cluster = await FakeCluster.start();
  const context = contextOf(cluster);
  const plan = await fault.plan(contextOf(cluster), fault.params(given));
  await fault.inject(context, plan);
  const felt = await fault.proveActive(context, plan);
  await fault.heal(context, plan);
  await fault.heal(context, plan);
  return [felt, await fault.proveGone(context, plan), ...cluster.changes()];
}

/** @returns the proof that it is gone, and what is not as it was */
async function healOfNothing(fault: Fault, given: Json): Promise<readonly string[]> {
  await using cluster = await FakeCluster.start();
  const planned = await fault.plan(contextOf(cluster), fault.params(given));
  const plan = JSON.parse(JSON.stringify(planned)) as Json;
  const context = contextOf(cluster, 99);
  await fault.heal(context, plan);
  return [await fault.proveGone(context, plan), ...cluster.changes()];
}

/** @returns the code of the error with which the proof fails */
async function proofAfterNoInjection(fault: Fault, given: Json): Promise<string> {
  await using cluster = await FakeCluster.start();
  const plan = await fault.plan(contextOf(cluster), fault.params(given));
  cluster.disconnect();
  await fault.inject(contextOf(cluster), plan);
  return await codeOf(fault.proveActive(contextOf(cluster, 1, AbortSignal.timeout(700)), plan));
}

function keepsTheContract(fault: Fault, given: Json): void {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = await FakeCluster.start();
  });
  afterEach(async () => {
    await cluster[Symbol.asyncDispose]();
  });
  const planned = async (seed = 1): Promise<Json> => fault.plan(contextOf(cluster, seed), fault.params(given));

  it('has a page that opens with its name and says how to undo it by hand', () => {
    const page = readFileSync(join(docs, `${fault.name}.md`), 'utf8');
    expect(page.startsWith(`# ${fault.name}\n`)).to.equal(true);
    expect(page).to.include('## Undo by hand');
  });

  it('refuses an unknown parameter by name', async () => {
    const wrong = Promise.resolve().then(() => fault.params({ ...(given as object), bogus: 1 }));
    expect(await codeOf(wrong)).to.equal('bad-input');
  });

  it('has no obstacle here, and a sentence for one where nothing is offered', () => {
    const params = fault.params(given);
    expect(fault.obstacle(cluster.facts, params)).to.equal(null);
    const bare = { ...cluster.facts, capabilities: [], etcd: null };
    // What acts through the API alone runs wherever there is one.
    if (fault.needs.length === 0) expect(fault.obstacle(bare, params)).to.equal(null);
    else expect(fault.obstacle(bare, params)).to.match(/^[A-Z].*\.$/);
  });

  it('makes the same plan from the same seed, as JSON, and changes nothing by it', async () => {
    const plan = await planned(7);
    expect(await planned(7)).to.deep.equal(plan);
    expect(JSON.parse(JSON.stringify(plan))).to.deep.equal(plan);
    expect(cluster.changes()).to.deep.equal([]);
  });

  it('names its targets and what will be felt', async () => {
    const plan = await planned();
    expect(fault.targets(plan)).to.not.be.empty;
    for (const target of fault.targets(plan)) expect(cluster.has(target), target).to.equal(true);
    expect(fault.impact(plan, cluster.facts)).to.match(/^[A-Za-z].*\.$/s);
  });

  it('arms leashes that a shell can read, or runs nothing on a node', async () => {
    const plan = await planned();
    const leashes = fault.leashes(plan, 'm1');
    if (leashes.length === 0) {
      const commands = (): readonly string[] => cluster.facts.nodes.flatMap(({ name }) => cluster.node(name).asked);
      const before = commands();
      await fault.inject(contextOf(cluster), plan);
      expect(commands()).to.deep.equal(before);
    }
    for (const { undo } of leashes) {
      expect(await exec(['sh', '-n'], { input: undo, allowFailure: true })).to.include({ exitCode: 0, stderr: '' });
    }
  });
}
