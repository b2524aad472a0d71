import { spawn as spawnProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { localProvider } from '../../harness/cluster/local/index.ts';
import { clusterPaths } from '../../harness/cluster/local/paths.ts';
import { killNow, readMark } from '../../harness/cluster/local/processes.ts';
import { readState } from '../../harness/cluster/local/state.ts';
import type { Cluster, Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import { imageNames } from '../../harness/toolchain/index.ts';
import { eventually, notYet, yes } from '../../harness/util/eventually.ts';
import { exec, hostShell } from '../../harness/util/exec.ts';
import { seeded } from '../../harness/util/random.ts';
import { hostSnapshot } from './host-snapshot.ts';

const root = resolve(import.meta.dirname, '../..');
const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
const name = (part: string): string => `test-${part}-${String(process.pid)}`;
const spec = (file: string) => ({ provider: 'local', config: join(root, 'kind-configs', file), etcd: 'own' }) as const;
const silent = (): void => undefined;
const forever = new AbortController().signal;

/** kubectl with the cluster's own kubeconfig. */
function kubectlOf(cluster: Cluster, program: string) {
  return async (...argv: string[]): Promise<string> =>
    (await exec([program, '--kubeconfig', cluster.kubeconfig, ...argv], { timeoutMs: 60_000 })).stdout;
}

describe('a local cluster', function () {
  this.timeout(180_000);
  const cluster = name('up');
  let handle: Cluster;
  let kubectl: (...argv: string[]) => Promise<string>;

  before(async function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
    handle = await localProvider().create(cluster, spec('small.yaml'), silent, forever);
    kubectl = kubectlOf(handle, (await readState(cluster))?.programs['kubectl'] ?? 'kubectl');
  });

  after(async () => {
    await localProvider().remove(cluster);
  });

  it('has every node Ready, in its zone, of the version that the facts say', async () => {
    const columns =
      'N:.metadata.name,V:.status.nodeInfo.kubeletVersion,Z:.metadata.labels.topology\\.kubernetes\\.io/zone';
    const text = await kubectl('get', 'nodes', '--no-headers', '-o', `custom-columns=${columns}`);
    const rows = text.split('\n').map((line) => line.split(/ +/));
    expect(rows).to.deep.equal(
      handle.facts.nodes.map((node) => [node.name, handle.facts.kubernetesVersion, node.zone]),
    );
    await kubectl('wait', '--for=condition=Ready', 'nodes', '--all', '--timeout=1s');
  });

  it('refuses who has no certificate', async () => {
    const state = await readState(cluster);
    const url = `https://127.0.0.1:${String(state?.hostPort)}/api/v1/nodes`;
    const answer = await exec(['curl', '-sk', '-o', '/dev/null', '-w', '%{http_code}', url]);
    expect(answer.stdout).to.equal('401');
    const kubelet = `https://${handle.facts.nodes[1]!.address}:10250/pods`;
    const place = await handle.place('stranger');
    const refused = await place.exec(['curl', '-sk', '-o', '/dev/null', '-w', '%{http_code}', kubelet]);
    expect(refused.stdout).to.equal('401');
    const etcd = await place.exec(['curl', '-sk', `https://${handle.facts.nodes[0]!.address}:2379/version`], {
      allowFailure: true,
    });
    expect(etcd.exitCode).to.not.equal(0);
  });

  it('runs pods on every worker, which reach each other, the service by its name, and answer logs and exec', async () => {
    await kubectl(
      'create',
      'deployment',
      'web',
      `--image=${imageNames.agnhost}`,
      '--replicas=3',
      '--',
      '/agnhost',
      'netexec',
    );
    await kubectl('expose', 'deployment', 'web', '--port=80', '--target-port=8080', '--type=NodePort');
    await kubectl('rollout', 'status', 'deployment', 'web', '--timeout=60s');
    const rows = (
      await kubectl(
        'get',
        'pods',
        '-l',
        'app=web',
        '-o',
        'jsonpath={range .items[*]}{.metadata.name} {.status.podIP} {.spec.nodeName}{"\\n"}{end}',
      )
    )
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    expect(new Set(rows.map((row) => row[2])).size).to.equal(3);
    const [pod = ''] = rows[0]!;
    for (const [, address = ''] of rows)
      await kubectl('exec', pod, '--', '/agnhost', 'connect', `${address}:8080`, '--timeout=3s');
    await kubectl('exec', pod, '--', '/agnhost', 'connect', 'web.default.svc.cluster.local:80', '--timeout=3s');
    expect(await kubectl('logs', pod)).to.include('Started HTTP server');
    const port = await kubectl('get', 'service', 'web', '-o', 'jsonpath={.spec.ports[0].nodePort}');
    const place = await handle.place('client');
    for (const node of handle.facts.nodes)
      expect((await place.exec(['curl', '-s', '-m', '3', `http://${node.address}:${port}/hostname`])).stdout).to.match(
        /^web-/,
      );
  });

  it('has a lab without a way out, and a machine that cannot be written to from a node', async () => {
    const node = handle.node('w1');
    const curl = async (url: string): Promise<number> =>
      (await node.exec(['curl', '-sk', '-m', '2', '-o', '/dev/null', url], { allowFailure: true })).exitCode;
    expect(await curl(`${handle.facts.apiServers[0]!.url}/livez`)).to.equal(0);
    // 7: could not connect; 28: timed out.
    expect(await curl('http://192.0.2.1/')).to.be.oneOf([7, 28]);
    const write = await node.exec(['touch', '/shakedown-was-here'], { allowFailure: true });
    expect(write.stderr).to.include('Read-only file system');
  });

  it('survives a power cut of a node: off, cut, on again and Ready', async () => {
    const power = handle.power('w2');
    await power.cutLink();
    await power.off();
    expect(await power.state()).to.deep.equal({ link: 'down', power: 'off' });
    const refused = await handle
      .node('w2')
      .exec(['true'])
      .then(
        () => null,
        (error: unknown) => error,
      );
    expect(refused).to.be.instanceOf(HarnessError).with.property('code', 'command-failed');
    await handle.host.exec(['sh', '-c', power.restoreScript]);
    expect(await power.state()).to.deep.equal({ link: 'up', power: 'on' });
    await eventually('the kubelet to be new', { withinMs: 30_000 }, async () => {
      const { exitCode } = await handle
        .node('w2')
        .exec(['curl', '-sf', 'http://127.0.0.1:10248/healthz'], { allowFailure: true });
      return exitCode === 0 ? yes(null) : notYet('not healthy');
    });
    await kubectl('wait', '--for=condition=Ready', 'node', 'w2', '--timeout=30s');
  });

  it('is taken hold of by another process and refuses a second cluster of its name', async () => {
    expect((await localProvider().attach(cluster)).facts).to.deep.equal(handle.facts);
    const second = await localProvider()
      .create(cluster, spec('single.yaml'), silent, forever)
      .catch((error: unknown) => error);
    expect(second).to.be.instanceOf(HarnessError).with.property('code', 'cluster-exists');
    await kubectl('get', 'nodes');
  });
});

describe('the removal of a local cluster', function () {
  this.timeout(180_000);

  before(function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
  });

  const made = new Set<string>();
  /** A failed test must not leave its cluster to the next one. */
  const mine = (part: string): string => {
    const cluster = name(part);
    made.add(cluster);
    return cluster;
  };

  afterEach(async () => {
    for (const cluster of made) await localProvider().remove(cluster);
    made.clear();
  });

  /** A process of its own that makes a cluster, to be killed. */
  function creator(cluster: string) {
    const file = join(root, 'harness/cli/up.ts');
    const config = join(root, 'kind-configs/single.yaml');
    return spawnProcess(process.execPath, [file, cluster, '--config', config], { stdio: 'ignore' });
  }

  async function nothingLeft(cluster: string, before: Awaited<ReturnType<typeof hostSnapshot>>): Promise<void> {
    await localProvider().remove(cluster);
    expect(await hostSnapshot(cluster)).to.deep.equal(before);
    await localProvider().remove(cluster);
    expect(await localProvider().list()).to.not.include(cluster);
  }

  it(`leaves nothing after the creating process was killed at any moment (SEED=${String(seed)})`, async () => {
    const random = seeded(seed, 'creator');
    for (const round of [0, 1, 2]) {
      const cluster = mine(`kill${String(round)}`);
      const before = await hostSnapshot(cluster);
      const child = creator(cluster);
      await sleep(300 + random.below(6_000));
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      await nothingLeft(cluster, before);
    }
  });

  it('leaves nothing after load balancer, supervisors and a node were killed, and a node was frozen', async () => {
    const cluster = mine('parts');
    const before = await hostSnapshot(cluster);
    await localProvider().create(cluster, spec('single.yaml'), silent, forever);
    const paths = clusterPaths(cluster);
    const place = await (await localProvider().attach(cluster)).place('busy');
    const running = place.spawn(['sleep', '600']);
    const shell: Shell = hostShell;
    const balancer = await shell.exec(['sh', '-c', `grep -l "${cluster}" /proc/[0-9]*/cmdline | cut -d/ -f3`]);
    for (const pid of balancer.stdout.split('\n').map(Number)) if (pid > 1 && pid !== process.pid) killNow(pid);
    killNow(readMark(paths.node('w1').initPid)!.pid);
    await exec(['sh', '-c', `echo FROZEN > /sys/fs/cgroup/freezer/shakedown/${cluster}/cp1/freezer.state`]);
    await nothingLeft(cluster, before);
    await running.done;
  });

  it('leaves nothing when its stored state is damaged', async () => {
    const cluster = mine('state');
    const before = await hostSnapshot(cluster);
    await localProvider().create(cluster, spec('single.yaml'), silent, forever);
    await exec(['sh', '-c', `echo '{' > ${clusterPaths(cluster).state}`]);
    const attached = await localProvider()
      .attach(cluster)
      .catch((error: unknown) => error);
    expect(attached).to.be.instanceOf(HarnessError).with.property('code', 'cluster-state');
    await nothingLeft(cluster, before);
  });

  it('happens by itself when the making is stopped', async () => {
    const cluster = mine('abort');
    const before = await hostSnapshot(cluster);
    const stop = new AbortController();
    const making = localProvider().create(
      cluster,
      spec('single.yaml'),
      (line) => {
        if (line.startsWith('waiting for the API')) stop.abort(new HarnessError('interrupted', 'stopped by the test'));
      },
      stop.signal,
    );
    expect(await making.catch((error: unknown) => error))
      .to.be.instanceOf(HarnessError)
      .with.property('code', 'interrupted');
    expect(await hostSnapshot(cluster)).to.deep.equal(before);
  });
});
