import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import type { ClusterFacts } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import { healRuns, planScenario, runScenario, type Catalogue } from '../../harness/run/index.ts';
import { Journal } from '../../harness/run/journal.ts';
import type { RunResult } from '../../harness/run/run-scenario.ts';
import { quiet } from './fake-runs.ts';
import { FakeCluster, FakeFault, FakeProvider, fakeCatalogue, fakeInstruments, fakeScenario } from './fakes.ts';

class Unreached extends FakeCluster {
  override readonly facts: ClusterFacts;

  constructor({ facts }: FakeCluster, folder: string, missing: NonNullable<ClusterFacts['missing']>) {
    super(folder, facts.name);
    this.facts = { ...facts, missing };
  }
}

/** A provider of a cluster that is not ours: who attaches for a run makes something there. */
class Lender extends FakeProvider {
  readonly #clusters: string;
  releases = 0;
  refuses = false;
  missing: ClusterFacts['missing'];

  constructor(clusters: string) {
    super(clusters);
    this.#clusters = clusters;
  }

  override async attach(name: string, run?: string): Promise<FakeCluster> {
    const cluster = await super.attach(name);
    if (run !== undefined) cluster.break(`made.${run}`);
    const { missing } = this;
    if (missing === undefined) return cluster;
    return new Unreached(cluster, join(this.#clusters, name), missing);
  }

  async release(name: string, run: string): Promise<void> {
    this.releases += 1;
    if (this.refuses) throw new HarnessError('timed-out', 'it does not go');
    (await super.attach(name)).mend(`made.${run}`);
  }
}

describe('a cluster that is not ours', () => {
  let root = '';
  let lender: Lender;
  let theirs: FakeCluster;
  let catalogue: Catalogue;
  const signal = new AbortController().signal;
  const runs = (): string => join(root, 'runs');
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'borrowed-'));
    const folder = join(root, 'theirs');
    mkdirSync(folder);
    lender = new Lender(root);
    theirs = new FakeCluster(folder, 'theirs');
    catalogue = { ...fakeCatalogue(root, new FakeFault()), providers: [lender] };
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });
  const run = (): Promise<RunResult> =>
    runScenario(fakeScenario, catalogue, {
      ...{ runsDirectory: runs(), observer: quiet, signal, instruments: fakeInstruments },
      ...{ cluster: 'theirs', replayWith: '--context them' },
    });

  it('is freed of what the run made, stays, and is named by the replay', async () => {
    const { report } = await run();
    expect(report.outcome, report.because).to.equal('held');
    expect([theirs.broken, lender.releases]).to.deep.equal([[], 1]);
    expect(report.replay).to.equal('shakedown run fake --seed 7 --context them');
  });

  it('makes the run a harness error when it cannot be freed, and heal tries again', async () => {
    lender.refuses = true;
    const { report } = await run();
    expect(report.outcome).to.equal('harness-error');
    expect(report.left).to.deep.equal([`what was made on theirs (shakedown heal ${report.id}): it does not go`]);
    lender.refuses = false;
    const { healed, left } = await healRuns(catalogue, { runsDirectory: runs(), observer: quiet });
    expect([healed, left]).to.deep.equal([[`${report.id}: took away what it made on theirs`], []]);
    expect(theirs.broken).to.deep.equal([]);
    expect((await healRuns(catalogue, { runsDirectory: runs(), observer: quiet })).healed).to.deep.equal([]);
  });

  it('is healed of a dead run first, then freed', async () => {
    const id = 'dead';
    mkdirSync(join(runs(), id), { recursive: true });
    // Its process is no more.
    writeFileSync(join(runs(), id, 'runner.json'), JSON.stringify({ pid: 0, startTicks: '1' }));
    const journal = new Journal(join(runs(), id));
    journal.append({ type: 'cluster', provider: 'local', name: 'theirs', owned: false, keep: false });
    journal.append({
      type: 'planned',
      step: '1-fake-fault',
      fault: 'fake-fault',
      mark: 'm',
      params: {},
      plan: { node: 'w1' },
    });
    journal.close();
    theirs.break('w1.m');
    theirs.break(`made.${id}`);
    const { healed, left } = await healRuns(catalogue, { runsDirectory: runs(), observer: quiet });
    expect(left).to.deep.equal([]);
    expect(healed).to.deep.equal([
      'dead: 1-fake-fault is gone: no file is left',
      'dead: took away what it made on theirs',
    ]);
    expect(theirs.broken).to.deep.equal([]);
  });

  it('is only looked at by a plan', async () => {
    const plan = await planScenario(fakeScenario, catalogue, { cluster: 'theirs', signal });
    expect(plan.steps[0]?.targets).to.deep.equal(['w1']);
    expect([theirs.broken, lender.releases]).to.deep.equal([[], 0]);
  });

  it('is not broken where nothing could be measured', async () => {
    lender.missing = { places: 'there is no way there' };
    const { report } = await run();
    expect([report.outcome, report.because]).to.deep.equal([
      'skipped',
      'Nothing can be measured on theirs: there is no way there',
    ]);
    expect(theirs.broken).to.deep.equal([]);
  });
});
