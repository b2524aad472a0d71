import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

import { expect } from 'chai';
import { pack } from 'tar-stream';

import { HarnessError } from '../../model/errors.ts';
import { goArchitecture } from '../platform.ts';
import type { ReleaseHost } from './release-hosts.ts';
import { ReleaseSource } from './release.ts';
import type { ObtainContext } from './source.ts';

const arch = goArchitecture();
const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
const limits = { answerMs: 2_000, idleMs: 2_000 };

/** A release host on the loopback that serves what is put into `files`. */
class LoopbackHost {
  readonly files = new Map<string, string | Buffer>();
  readonly asked: string[] = [];
  readonly #server: Server = createServer((request, response) => {
    const path = request.url ?? '';
    this.asked.push(path);
    const content = this.files.get(path);
    response.writeHead(content === undefined ? 404 : 200).end(content ?? 'not found');
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const hostsAt = (base: string): Readonly<Record<ReleaseHost, string>> => ({
  kubernetes: `${base}/k8s`,
  etcd: `${base}/etcd`,
  k6: `${base}/k6`,
  coredns: `${base}/coredns`,
});

describe('ReleaseSource', () => {
  let host: LoopbackHost;
  let base: string;
  let context: ObtainContext;
  let lines: string[];

  beforeEach(async () => {
    host = new LoopbackHost();
    base = await host.start();
    lines = [];
    const workspace = await mkdtemp(join(tmpdir(), 'shakedown-release-'));
    const progress = (line: string): void => void lines.push(line);
    context = { workspace, cache: workspace, progress, signal: new AbortController().signal };
  });

  afterEach(async () => {
    await host.stop();
    await rm(context.workspace, { recursive: true });
  });

  const source = (): ReleaseSource => new ReleaseSource({ hosts: hostsAt(base), limits, enabled: true });

  it('fetches a file whose checksum is right', async () => {
    host.files.set(`/k8s/${arch}/kubelet`, 'the kubelet');
    host.files.set(`/k8s/${arch}/kubelet.sha256`, sha256('the kubelet'));
    const obtained = (await source().obtain(['kubelet'], context)).get('kubelet');
    expect(obtained?.from).to.equal(`release ${base}/k8s/${arch}/kubelet`);
    expect(await readFile(obtained?.file ?? '', 'utf8')).to.equal('the kubelet');
    expect(lines.at(-1)).to.match(/^downloading kubelet from 127\.0\.0\.1:\d+ \(/);
  });

  it('refuses a file with another checksum, and says what to do', async () => {
    host.files.set(`/k8s/${arch}/kubelet`, 'something else');
    host.files.set(`/k8s/${arch}/kubelet.sha256`, sha256('the kubelet'));
    const error = await source()
      .obtain(['kubelet'], context)
      .catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(HarnessError);
    const { code, message, hint } = error as HarnessError;
    expect(code).to.equal('toolchain');
    expect(message).to.equal(
      `${base}/k8s/${arch}/kubelet has the wrong checksum: its publisher says sha256 ${sha256('the kubelet')}, ` +
        `what came is ${sha256('something else')}; nothing of it was kept`,
    );
    expect(hint).to.include('SHAKEDOWN_DOWNLOADS=off');
  });

  it('fetches nothing that has no published checksum', async () => {
    host.files.set(`/k8s/${arch}/kubelet`, 'the kubelet');
    expect((await source().obtain(['kubelet'], context)).size).to.equal(0);
    expect(host.asked).to.deep.equal([`/k8s/${arch}/kubelet.sha256`]);
  });

  it('fetches an archive once for all its programs', async () => {
    const folder = `etcd-v3.6.8-linux-${arch}`;
    const tar = pack();
    for (const name of ['README.md', 'etcd', 'etcdctl']) tar.entry({ name: `${folder}/${name}` }, `this is ${name}`);
    tar.finalize();
    const archive = gzipSync(await buffer(tar));
    host.files.set(`/etcd/${folder}.tar.gz`, archive);
    host.files.set('/etcd/SHA256SUMS', `${sha256('x')}  other\n${sha256(archive)}  ${folder}.tar.gz\n`);
    const obtained = await source().obtain(['etcd', 'etcdctl'], context);
    expect(host.asked).to.deep.equal(['/etcd/SHA256SUMS', `/etcd/${folder}.tar.gz`]);
    expect(await readFile(obtained.get('etcd')?.file ?? '', 'utf8')).to.equal('this is etcd');
    expect(await readFile(obtained.get('etcdctl')?.file ?? '', 'utf8')).to.equal('this is etcdctl');
    expect(await readdir(context.workspace)).not.to.include('README.md');
  });

  it('leaves a program out that the host does not have, and still asks for the next', async () => {
    host.files.set(`/k8s/${arch}/kubectl`, 'kubectl');
    host.files.set(`/k8s/${arch}/kubectl.sha256`, sha256('kubectl'));
    const obtained = await source().obtain(['kubelet', 'kubectl'], context);
    expect([...obtained.keys()]).to.deep.equal(['kubectl']);
    expect(lines).to.include(`${base}/k8s/${arch}/kubelet.sha256 answers 404`);
  });

  it('asks a host that is out of reach only once', async () => {
    await host.stop();
    const gone = source();
    expect((await gone.obtain(['kubelet', 'kubectl', 'k6'], context)).size).to.equal(0);
    await gone.obtain(['kubelet'], context);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.match(/^127\.0\.0\.1:\d+ cannot be reached \(.*ECONNREFUSED/);
    host = new LoopbackHost();
    await host.start();
  });

  it('gives up on a host that accepts and never answers', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const hosts = hostsAt(`http://127.0.0.1:${String((silent.address() as AddressInfo).port)}`);
    const impatient = new ReleaseSource({ hosts, limits: { answerMs: 50, idleMs: 50 }, enabled: true });
    expect((await impatient.obtain(['kubelet'], context)).size).to.equal(0);
    expect(lines[0]).to.include('no answer within 0.05 s');
    silent.closeAllConnections();
    silent.close();
  });

  it('offers nothing when downloads are off', () => {
    expect(new ReleaseSource({ enabled: false }).offers('kubelet')).to.equal(null);
    expect(source().offers('kubelet')).to.match(/^release on 127\.0\.0\.1:\d+$/);
  });
});
