import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import type { Cluster } from '../model/cluster.ts';
import type { Fault } from '../model/fault.ts';
import { eventually, notYet, yes } from '../util/eventually.ts';
import { exec, hostShell } from '../util/exec.ts';
import { Leashes, leashesOf } from './leash.ts';

/** A cluster that is nothing but this machine. */
const here = { facts: { name: 'c' }, host: hostShell } as unknown as Cluster;

describe('leash', function () {
  this.timeout(15_000);
  let directory: string;
  let undone: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'leash-'));
    undone = join(directory, 'undone');
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const leashes = (renewEveryMs: number): Leashes =>
    new Leashes(here, 'm', [{ on: 'host', undo: `touch '${undone}'` }], {
      folder: join(directory, 'l'),
      seconds: 2,
      renewEveryMs,
    });
  const untilUndone = (withinMs = 8_000): Promise<null> =>
    eventually('the leash to undo', { withinMs }, () => (existsSync(undone) ? yes(null) : notYet('not undone')));

  it('undoes the fault by itself when it is no longer renewed, and says so', async () => {
    const held = leashes(60_000);
    await held.arm(AbortSignal.timeout(5_000));
    await untilUndone();
    expect(await held.disarm()).to.deep.equal(['the host']);
  });

  it('does nothing while it is renewed, and nothing after it was disarmed', async () => {
    const held = leashes(300);
    await held.arm(AbortSignal.timeout(5_000));
    const early = await untilUndone(3_500).then(
      () => 'undone',
      () => 'not undone',
    );
    expect(early).to.equal('not undone');
    expect(await held.disarm()).to.deep.equal([]);
    expect(existsSync(join(directory, 'l')), 'it leaves no file').to.equal(false);
  });

  it('undoes a fault whose healing failed', async () => {
    const held = leashes(300);
    await held.arm(AbortSignal.timeout(5_000));
    held.release();
    await untilUndone();
    expect(await held.disarm()).to.deep.equal(['the host']);
  });

  it('may be disarmed twice', async () => {
    const held = leashes(300);
    await held.arm(AbortSignal.timeout(5_000));
    await held.disarm();
    expect(await held.disarm()).to.deep.equal([]);
  });

  it('is held by the machine of the harness, and heals the run, where a fault has none on a node', async () => {
    const run = mkdtempSync(join(directory, "it's a run-"));
    const none = { leashes: () => [] } as unknown as Fault;
    const [leash, ...more] = leashesOf(none, null, 'm', run);
    expect(more).to.deep.equal([]);
    expect(leash?.on).to.equal('host');
    // The run is none yet: that the command line says so shows that it was asked for this one, there.
    const said = await exec(['sh'], { input: leash?.undo ?? '', allowFailure: true });
    expect(said.stderr).to.include(`${run}: expected a run, found none`);
  });

  it('is held by nobody else where a fault has its own', () => {
    const own = [{ on: { node: 'w1' }, undo: 'true' }];
    expect(leashesOf({ leashes: () => own } as unknown as Fault, null, 'm', directory)).to.equal(own);
  });
});
