import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { expect } from 'chai';

import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault, FaultContext } from '../../harness/model/fault.ts';
import { repeated, type Scenario } from '../../harness/model/scenario.ts';
import { judgeRun, planScenario, runScenario } from '../../harness/run/index.ts';
import type { Instruments } from '../../harness/run/instruments.ts';
import type { RunResult } from '../../harness/run/run-scenario.ts';
import { prove } from '../../faults/shared/prove.ts';
import { notYet } from '../../harness/util/eventually.ts';
import { root } from '../../harness/util/paths.ts';
import { FakeRuns, quiet, type Change } from './fake-runs.ts';
import { FakeFault, fake, fakeCatalogue, fakeInstruments, FakeProvider, fakeScenario } from './fakes.ts';

describe('the engine on fakes', () => {
  let fakes: FakeRuns;
  beforeEach(() => {
    fakes = new FakeRuns();
  });
  afterEach(() => {
    fakes[Symbol.dispose]();
  });
  const run = (fault: Fault, change?: Change): Promise<RunResult> => fakes.run(fault, change);

  it('holds when the fault was felt, healed and every promise held', async () => {
    const { report } = await run(new FakeFault());
    expect(report.outcome, report.because).to.equal('held');
    expect(report.faults[0]?.active).to.deep.equal({ proved: true, evidence: 'the file is there' });
    expect(report.faults[0]?.gone).to.deep.equal({ proved: true, evidence: 'no file is left' });
    expect(report.settings[0]?.value).to.equal('40s');
    expect(report.replay).to.equal('shakedown run fake --seed 7');
    expect(readdirSync(fakes.clusters), 'the cluster was made for the run and goes with it').to.deep.equal([]);
  });

  it('boots from a config of the clone, and from one that is named by its whole path', async () => {
    const provider = new FakeProvider(fakes.clusters);
    for (const config of ['kind-configs/small.yaml', '/elsewhere/mine.yaml'])
      await run(new FakeFault(), { provider, scenario: { cluster: { ...fakeScenario.cluster, config } } });
    expect(provider.configs).to.deep.equal([join(root, 'kind-configs/small.yaml'), '/elsewhere/mine.yaml']);
  });

  it('keeps the labels of a run, and replays the promises of its services from its own report', async () => {
    const services = [{ name: 'shop', tier: 1, paths: 'service', rto: '15s' }] as const;
    const { report, directory } = await run(new FakeFault(), { labels: ['night'], scenario: { services } });
    expect(report.labels).to.deep.equal(['night']);
    expect(report.scenario.services).to.deep.equal(services);
    expect(report.replay).to.equal(`shakedown run ${join(relative(process.cwd(), directory), 'run.json')} --seed 7`);
  });

  it('replays a scenario that came from a file from its own report', async () => {
    const { report, directory } = await run(new FakeFault(), { unnamed: true });
    expect(report.replay).to.equal(`shakedown run ${join(relative(process.cwd(), directory), 'run.json')} --seed 7`);
  });

  it('is unknown when the injector does nothing', async () => {
    class NoOp extends FakeFault {
      override inject(): Promise<void> {
        return Promise.resolve();
      }
    }
    const { report } = await run(new NoOp());
    expect(report.outcome).to.equal('unknown');
    expect(report.because).to.match(/1-fake-fault was not felt: the file is not there/);
  });

  it('says what was seen last when the hold ends without a proof', async () => {
    class Unseen extends FakeFault {
      override proveActive({ signal }: FaultContext): Promise<string> {
        return prove('fault-not-active', 'the file', { withinMs: 60_000, everyMs: 20, signal }, () =>
          notYet('an empty folder'),
        );
      }
    }
    const { report } = await run(new Unseen());
    expect(report.outcome).to.equal('unknown');
    expect(report.because).to.match(
      /no proof within the hold time of \S+: .*waiting for the file; last seen: an empty folder/,
    );
  });

  it('is a harness error when a node is not as it was', async () => {
    class Littering extends FakeFault {
      override heal(context: Parameters<FakeFault['heal']>[0], plan: Parameters<FakeFault['heal']>[1]): Promise<void> {
        fake(context.cluster).break('w2.litter');
        return super.heal(context, plan);
      }
    }
    const { report } = await run(new Littering());
    expect(report.outcome).to.equal('harness-error');
    expect(report.fingerprint.differences).to.deep.equal(['w2: fault: w2.litter (was not there before)']);
  });

  it('is skipped, not held, when the fault cannot run here', async () => {
    class Elsewhere extends FakeFault {
      override obstacle(): string {
        return 'this kernel has no netem';
      }
    }
    const { report } = await run(new Elsewhere());
    expect(report.outcome).to.equal('skipped');
    expect(report.because).to.equal('fake-fault cannot run here: this kernel has no netem');
  });

  it('is unknown when the load is too low', async () => {
    const tooLow = (): Promise<never> => Promise.reject(new HarnessError('load-too-low', 'web has 3 of 40 requests/s'));
    const measure: Instruments['measure'] = async (options) => ({
      ...(await fakeInstruments.measure(options)),
      untilSteady: tooLow,
    });
    const { report } = await run(new FakeFault(), { instruments: { measure } });
    expect(report.outcome).to.equal('unknown');
    expect(report.because).to.match(/web has 3 of 40 requests\/s/);
    expect(report.faults, 'nothing is injected into an unsteady system').to.deep.equal([]);
  });

  it('refuses two steps that would hold one target at the same time, before anything is injected', async () => {
    const [step] = fakeScenario.faults;
    const { report } = await run(new FakeFault(), {
      scenario: {
        faults: [
          { ...step!, from: '1ms', hold: '300ms' },
          { ...step!, from: '50ms', hold: '1ms' },
        ],
      },
    });
    expect([report.outcome, report.faults]).to.deep.equal(['harness-error', []]);
    expect(report.because).to.match(
      /field faults: expected targets that no other step holds at the same time, found w1 in 1-fake-fault .* and in 2-fake-fault/,
    );
  });

  it('refuses a second fault on a target that came into the hands of the first one since then', async () => {
    class Moving extends FakeFault {
      #plans = 0;
      override plan(): Promise<{ readonly node: string }> {
        this.#plans += 1;
        return Promise.resolve({ node: this.#plans === 2 ? 'w2' : 'w1' });
      }
    }
    const [step] = fakeScenario.faults;
    const { report } = await run(new Moving(), {
      scenario: {
        faults: [
          { ...step!, hold: '300ms' },
          { ...step!, from: '50ms' },
        ],
      },
    });
    expect(report.outcome).to.equal('unknown');
    expect(report.because).to.match(/2-fake-fault and 1-fake-fault would both act on w1/);
    expect(report.faults[0]?.gone.proved).to.equal(true);
  });

  it('injects nothing when the plan of a later step is refused', async () => {
    class Refusing extends FakeFault {
      override plan(context: FaultContext, params: { readonly node: string }): Promise<{ readonly node: string }> {
        if (params.node === 'w2') return Promise.reject(new HarnessError('refused', 'w2 is the last one'));
        return super.plan(context, params);
      }
    }
    const [step] = fakeScenario.faults;
    const { report } = await run(new Refusing(), {
      scenario: { faults: [step!, { ...step!, params: { node: 'w2' } }] },
    });
    expect([report.outcome, report.faults]).to.deep.equal(['unknown', []]);
    expect(report.because).to.contain('w2 is the last one');
  });

  it('repeats a step, each time after the one before is gone', async () => {
    const [step] = fakeScenario.faults;
    const { report } = await run(new FakeFault(), { scenario: { faults: repeated(3, step!) } });
    expect(report.outcome, report.because).to.equal('held');
    expect(report.faults.map((fault) => fault.step)).to.deep.equal(['1-fake-fault', '2-fake-fault', '3-fake-fault']);
    const [first, second, third] = report.faults;
    expect(second?.injectedMs).to.be.greaterThan(first?.goneMs ?? Infinity);
    expect(third?.injectedMs).to.be.greaterThan(second?.goneMs ?? Infinity);
  });

  it('does not go on to the next step when one is not gone', async () => {
    class Stuck extends FakeFault {
      override proveGone(): Promise<string> {
        return Promise.reject(new HarnessError('fault-not-gone', 'the file is stuck'));
      }
    }
    const [step] = fakeScenario.faults;
    const { report } = await run(new Stuck(), { scenario: { faults: repeated(2, step!) } });
    expect(report.outcome).to.equal('harness-error');
    expect(report.because).to.match(/1-fake-fault was not proved gone: the file is stuck/);
    expect(report.faults).to.have.lengthOf(1);
  });

  it('keeps its outcome when a reporter fails', async () => {
    const catalogue = fakeCatalogue(fakes.clusters, new FakeFault());
    const broken = { name: 'broken', write: (): Promise<never> => Promise.reject(new Error('no room')) };
    const notes: string[] = [];
    const { report } = await runScenario(
      fakeScenario,
      { ...catalogue, reporters: [broken, ...catalogue.reporters] },
      {
        runsDirectory: fakes.runs,
        observer: { ...quiet, note: (line) => notes.push(line) },
        signal: new AbortController().signal,
        instruments: fakeInstruments,
      },
    );
    expect(report.outcome).to.equal('held');
    expect(notes.join()).to.match(/the broken report could not be written: no room/);
  });

  it('judges a stored run again to the same bytes', async () => {
    const { report, directory } = await run(new FakeFault());
    expect(JSON.stringify(judgeRun(directory, fakeCatalogue(fakes.clusters, new FakeFault())))).to.equal(
      JSON.stringify(report),
    );
  });

  it('names the line of a damaged history', async () => {
    const { directory } = await run(new FakeFault());
    const file = join(directory, 'history.ndjson');
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, [lines[0], '{"kind":"rumour"}', ...lines.slice(1)].join('\n'));
    expect(() => judgeRun(directory, fakeCatalogue(fakes.clusters, new FakeFault()))).to.throw(
      HarnessError,
      /history\.ndjson, line 2: expected a history event, found kind "rumour"/,
    );
  });

  it('plans without touching anything, the same for the same seed', async () => {
    const catalogue = fakeCatalogue(fakes.clusters, new FakeFault());
    const cluster = fake(
      await catalogue.providers[0]!.create('c', fakeScenario.cluster, () => undefined, AbortSignal.timeout(1_000)),
    );
    const plan = () => planScenario(fakeScenario, catalogue, { cluster: 'c', signal: AbortSignal.timeout(1_000) });
    expect((await plan()).steps[0]?.targets).to.deep.equal(['w1']);
    expect(await plan()).to.deep.equal(await plan());
    expect(cluster.broken).to.deep.equal([]);
  });

  it('says in a sentence what is wrong with a scenario, before anything is touched', async () => {
    const [step] = fakeScenario.faults;
    const table: readonly [Partial<Scenario>, RegExp][] = [
      [{ load: { ...fakeScenario.load, rate: 3 } }, /field load\.rate: expected at least 20 requests\/s .* found 3/],
      [
        { faults: [{ ...step!, hold: '10 sec' as '10s' }] },
        /field faults\[0\]\.hold: expected a duration .* found '10 sec'/,
      ],
      [
        { faults: [{ ...step!, fault: 'fake-falt' }] },
        /There is no fault named 'fake-falt'; did you mean 'fake-fault'\?/,
      ],
      [
        { guarantees: [{ guarantee: 'flet', params: {} }] },
        /There is no guarantee named 'flet'; did you mean 'felt'\?/,
      ],
      [
        { faults: [{ ...step!, following: true }] },
        /field faults\[0\]\.following: expected a step before this one, found none/,
      ],
      [
        { alerts: { service: 'prometheus:9090' } },
        /field alerts\.service: expected NAMESPACE\/SERVICE:PORT .* found 'prometheus:9090'/,
      ],
      [{ seed: -1 }, /field seed: expected a whole number from 0, found -1/],
    ];
    for (const [scenario, sentence] of table) {
      const failure = await run(new FakeFault(), { scenario }).then(
        () => 'no error',
        (error: unknown) => String(error),
      );
      expect(failure).to.match(sentence);
    }
    expect(readdirSync(fakes.root)).to.deep.equal(['clusters']);
  });
});
