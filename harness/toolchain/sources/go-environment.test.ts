import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { HarnessError } from '../../model/errors.ts';
import { buildEnvironment, findGo } from './go-environment.ts';

const never = new AbortController().signal;

describe('findGo', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shakedown-go-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  /** A `go` that tells these settings. */
  async function fakeGo(version: string, toolchain: string): Promise<void> {
    const settings = JSON.stringify({ GOVERSION: version, GOTOOLCHAIN: toolchain, GOCACHE: '/c', GOMODCACHE: '/m' });
    await writeFile(join(folder, 'go'), `#!/bin/sh\necho '${settings}'\n`);
    await chmod(join(folder, 'go'), 0o755);
  }

  async function refusal(): Promise<HarnessError> {
    const error = await findGo('kubelet, kubectl', never, [folder]).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(HarnessError);
    return error as HarnessError;
  }

  it('says that Go is missing, what for, and what to do', async () => {
    const error = await refusal();
    expect(error.code).to.equal('toolchain');
    expect(error.message).to.equal('Go is missing; it is needed to build kubelet, kubectl');
    expect(error.hint).to.equal('install Go 1.26 or newer from https://go.dev/dl and put its bin folder on PATH');
  });

  it('takes a Go that is new enough', async () => {
    await fakeGo('go1.26.8', 'local');
    const go = await findGo('kubelet', never, [folder]);
    expect(go).to.deep.equal({ path: join(folder, 'go'), version: '1.26.8', buildCache: '/c', moduleCache: '/m' });
  });

  it('refuses a Go that is too old to fetch a newer one', async () => {
    await fakeGo('go1.19.8', 'auto');
    expect((await refusal()).message).to.equal(
      `Go 1.19.8 (${join(folder, 'go')}) is too old to build kubelet, kubectl; 1.26 is needed`,
    );
  });

  it('lets an older Go fetch a newer one, unless that is forbidden', async () => {
    await fakeGo('go1.22.1', 'auto');
    expect((await findGo('kubelet', never, [folder])).version).to.equal('1.22.1');
    await fakeGo('go1.22.1', 'local');
    const error = await refusal();
    expect(error.message).to.include('GOTOOLCHAIN=local forbids it to fetch a newer one');
    expect(error.hint).to.include('GOTOOLCHAIN=auto');
  });

  it('says so when go does not run', async () => {
    await writeFile(join(folder, 'go'), '#!/bin/sh\necho broken >&2; exit 3\n');
    await chmod(join(folder, 'go'), 0o755);
    expect((await refusal()).message).to.include('does not tell its settings');
  });
});

describe('buildEnvironment', () => {
  it("overrides the user's flags even where they were set with go env -w", () => {
    expect(buildEnvironment('/t')).to.include({
      GOFLAGS: '-mod=readonly -buildvcs=false',
      GOWORK: 'off',
      CGO_ENABLED: '0',
    });
  });
});
