import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { localProvider } from '../../harness/cluster/local/index.ts';
import { readState } from '../../harness/cluster/local/state.ts';
import type { Cluster, Place, Ran } from '../../harness/model/cluster.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { during, type Scenario } from '../../harness/model/scenario.ts';
import { eventually, notYet, yes } from '../../harness/util/eventually.ts';
import { exec } from '../../harness/util/exec.ts';
import { root } from '../../harness/util/paths.ts';

const context = 'arn:theirs/admin@production';
const kinds = 'ns,pods,secrets,configmaps,services,deploy,pdb,clusterroles,clusterrolebindings,priorityclasses';

const scenario = (name: string, faults: Scenario['faults']): Scenario => ({
  name,
  summary: 'Faults of four kinds on a cluster of others.',
  seed: 1,
  cluster: { provider: 'existing', config: '', etcd: 'own' },
  // Pods that end at once: what they would wait for is waited for elsewhere.
  workloads: [{ workload: 'web', options: { preStopSeconds: 0 } }],
  load: { rate: 20, timeout: '1s', modes: ['new'] },
  faults,
  guarantees: [
    { guarantee: 'rto', params: { under: '60s', spacing: '250ms' } },
    { guarantee: 'topology-spread', params: { within: '60s' } },
  ],
  recoverWithin: '60s',
});

/** Each in a zone of its own, but for the loss, which the shell of its node must bear beside another fault. */
const four = scenario('four-on-theirs', [
  during('pod-kill', { zone: 'zone-b' }, { from: '3s', hold: '12s' }),
  during('kubelet-freeze', { zone: 'zone-c' }, { from: '3s', hold: '12s' }),
  during('container-kill', { zone: 'zone-a' }, { from: '3s', hold: '12s' }),
  during('packet-loss', { zone: 'zone-a', percent: 10 }, { from: '3s', hold: '12s' }),
]);
/** For a runner that is killed: it is never judged, so that it needs nothing to load. */
const frozen: Scenario = {
  ...scenario('frozen-on-theirs', [during('kubelet-freeze', { node: 'w3' }, { from: '0s', hold: '120s' })]),
  workloads: [],
};

/** A local cluster stands for somebody's: it is known by a kubeconfig alone, to a machine on its network. */
describe('a cluster of others', function () {
  this.timeout(300_000);
  const name = `theirs-${String(process.pid)}`;
  const provider = localProvider();
  let folder: string;
  let theirs: Cluster;
  let machine: Place;
  let kubectl: (...argv: string[]) => Promise<string>;
  let untouched: readonly string[];
  const file = (of: string): string => join(folder, of);
  const argvOf = (...argv: string[]): readonly string[] => [
    ...['env', `SHAKEDOWN_RUNS=${file('runs')}`, join(root, 'bin/shakedown')],
    ...argv,
  ];
  const shakedown = (...argv: string[]): Promise<Ran> =>
    machine.exec(argvOf(...argv), { allowFailure: true, timeoutMs: 240_000 });
  const there = ['--context', context, '--kubeconfig'] as const;

  /** Every object that is no event, and every image and program of ours on the nodes. */
  async function contents(): Promise<readonly string[]> {
    const objects = await kubectl('get', kinds, '--all-namespaces', '--output', 'name');
    const look = 'ctr -n k8s.io images list -q; cat /proc/[0-9]*/comm | grep -x node-agent; ls -A /run/shakedown; true';
    const nodes = theirs.facts.nodes.map(async (node) => {
      const { stdout } = await theirs.node(node.name).exec(['sh', '-c', `(${look}) 2> /dev/null`]);
      return stdout.split('\n').map((line) => `${node.name}: ${line}`);
    });
    return [...objects.split('\n'), ...(await Promise.all(nodes)).flat()].sort();
  }

  before('boots it, and finds a machine beside it', async function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
    folder = mkdtempSync(join(tmpdir(), 'shakedown-theirs-'));
    const spec = { provider: 'local', config: join(root, 'kind-configs/small.yaml'), etcd: 'own' } as const;
    theirs = await provider.create(name, spec, () => undefined, AbortSignal.timeout(120_000));
    machine = await theirs.place('machine');
    const given = readFileSync(theirs.kubeconfig, 'utf8')
      .replace(/server: \S+/, `server: ${theirs.facts.apiEndpoint}`)
      .replaceAll(`kubernetes-admin@${name}`, context);
    writeFileSync(file('kubeconfig'), given, { mode: 0o600 });
    for (const each of [four, frozen]) writeFileSync(file(`${each.name}.json`), JSON.stringify(each));
    const program = (await readState(name))?.programs['kubectl'] ?? 'kubectl';
    kubectl = async (...argv) =>
      (await exec([program, '--kubeconfig', theirs.kubeconfig, ...argv], { timeoutMs: 60_000 })).stdout;
    await kubectl('rollout', 'status', 'deployment', '--namespace=kube-system', '--timeout=60s');
    untouched = await contents();
  });
  after('removes it', async () => {
    await provider.remove(name);
    rmSync(folder, { recursive: true, force: true });
  });

  it('is planned on without being touched, and says what stands in the way', async () => {
    const planned = await shakedown('plan', file(`${frozen.name}.json`), '--json', ...there, file('kubeconfig'));
    expect(planned.exitCode, planned.stderr).to.equal(0);
    const { steps } = JSON.parse(planned.stdout) as {
      readonly steps: readonly { readonly targets: readonly string[] }[];
    };
    expect(steps[0]?.targets).to.deep.equal(['w3']);
    const power = await shakedown('plan', 'node-power-loss', ...there, file('kubeconfig'));
    expect(power.stdout.replace(/\s+/g, ' ')).to.contain('this existing cluster lacks: power');
    expect(await contents()).to.deep.equal(untouched);
  });

  it('is not broken before its owner allows it, and the refusal says how', async () => {
    const refused = await shakedown('run', file(`${frozen.name}.json`), ...there, file('kubeconfig'));
    const said = refused.stdout.replace(/\s+/g, ' ');
    expect([refused.exitCode, said.includes('is not allowed to be broken')], said).to.deep.equal([3, true]);
    expect(said).to.contain('annotate namespace kube-system shakedown.dev/allow=true');
    expect(await contents()).to.deep.equal(untouched);
    await kubectl('annotate', 'namespace', 'kube-system', 'shakedown.dev/allow=true');
  });

  it('feels faults through the API, its nodes and their network, and is left as it was', async () => {
    const ran = await shakedown('run', file(`${four.name}.json`), '--json', ...there, file('kubeconfig'));
    const report = JSON.parse(ran.stdout) as RunReport;
    expect(report.outcome, `${report.because}\n${ran.stderr}`).to.equal('held');
    expect(report.faults.map(({ active, gone }) => [active.proved, gone.proved])).to.deep.equal(
      four.faults.map(() => [true, true]),
    );
    expect(report.fingerprint).to.deep.equal({ compared: ['cp1', 'w1', 'w2', 'w3', 'api'], differences: [] });
    expect(report.cluster?.capabilities).to.deep.equal(['node-shell', 'places', 'etcd']);
    expect(report.left).to.deep.equal([]);
    expect(await contents()).to.deep.equal(untouched);
  });

  it('comes back by its leash when the runner is killed, and is freed of everything by heal', async () => {
    const known = new Set(readdirSync(file('runs')));
    const runner = machine.spawn(argvOf('run', file(`${frozen.name}.json`), ...there, file('kubeconfig')));
    await eventually('the kubelet to be felt frozen', { withinMs: 120_000, everyMs: 200 }, () => {
      const run = readdirSync(file('runs')).find((each) => !known.has(each));
      if (run === undefined) return notYet('there is no run');
      const history = readFileSync(join(file('runs'), run, 'history.ndjson'), 'utf8');
      return history.includes('"phase":"felt"') ? yes(run) : notYet('it was not felt');
    });
    const kubelet = async (): Promise<string> =>
      (await theirs.node('w3').exec(['sh', '-c', "ps -eo state=,comm= | grep ' kubelet$'"])).stdout;
    expect(await kubelet()).to.match(/^T/);
    runner.kill('SIGKILL');
    await runner.done;
    await eventually('the leash to let the kubelet go on', { withinMs: 60_000 }, async () => {
      const state = await kubelet();
      return state.startsWith('T') ? notYet(state) : yes(state);
    });
    const healed = await shakedown('heal');
    expect([healed.exitCode, healed.stdout], healed.stderr).to.satisfy(
      ([code, text]: [number, string]) => code === 0 && text.includes('is gone') && text.includes('took away'),
    );
    expect(await contents()).to.deep.equal(untouched);
    expect((await shakedown('heal')).stdout).to.contain('Nothing to heal');
  });
});
