import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'chai';

import { ApiError } from '../../harness/kube/index.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Fault } from '../../harness/model/fault.ts';
import type { Guarantee } from '../../harness/model/guarantee.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { healRuns } from '../../harness/run/index.ts';
import type { Instruments } from '../../harness/run/instruments.ts';
import type { RunResult } from '../../harness/run/run-scenario.ts';
import { FakeRuns, quiet, type Change } from './fake-runs.ts';
import { FakeFault, fakeCatalogue, fakeInstruments, fakeScenario, feltGuarantee } from './fakes.ts';

describe('the engine on fakes, after the fault', () => {
  let fakes: FakeRuns;
  beforeEach(() => {
    fakes = new FakeRuns();
  });
  afterEach(() => {
    fakes[Symbol.dispose]();
  });
  const run = (fault: Fault, change?: Change): Promise<RunResult> => fakes.run(fault, change);

  const held: Verdict = { status: 'held', measured: 'all was well', figures: [] };

  it('heals what was half injected, and reports the error', async () => {
    class HalfWay extends FakeFault {
      override async inject(...args: Parameters<FakeFault['inject']>): Promise<void> {
        await super.inject(...args);
        throw new Error('the shell broke');
      }
    }
    const { report } = await run(new HalfWay(), { keep: true });
    expect(report.outcome).to.equal('harness-error');
    expect(report.because).to.match(/the shell broke/);
    expect(report.faults[0]?.gone.proved).to.equal(true);
    const [name = ''] = readdirSync(fakes.clusters);
    expect(readdirSync(join(fakes.clusters, name))).to.deep.equal([]);
  });

  it('names what it could not heal, and heal from the journal finishes it', async () => {
    class Stubborn extends FakeFault {
      override heal(): Promise<void> {
        return Promise.reject(new Error('the node does not answer'));
      }
    }
    const { report } = await run(new Stubborn(), { keep: true });
    expect(report.outcome).to.equal('harness-error');
    expect(report.left.join()).to.match(
      /1-fake-fault was not proved gone: the node does not answer; shakedown heal \S+-fake-/,
    );
    const healed = await healRuns(fakeCatalogue(fakes.clusters, new FakeFault()), {
      runsDirectory: fakes.runs,
      observer: quiet,
    });
    expect(healed.left).to.deep.equal([]);
    expect(healed.healed.join()).to.match(/1-fake-fault is gone: no file is left/);
    const [name = ''] = readdirSync(fakes.clusters);
    expect(readdirSync(join(fakes.clusters, name))).to.deep.equal([]);
    const again = await healRuns(fakeCatalogue(fakes.clusters, new FakeFault()), {
      runsDirectory: fakes.runs,
      observer: quiet,
    });
    expect(again).to.deep.equal({ healed: [], left: [] });
  });

  it('heals though the API server gives no answer at first, which another fault may be the cause of', async () => {
    let refusals = 0;
    const noAnswer = (): Promise<never> => {
      refusals += 1;
      return Promise.reject(new ApiError('GET /', 0, '', 'socket hang up'));
    };
    class Unreachable extends FakeFault {
      override heal(...args: Parameters<FakeFault['heal']>): Promise<void> {
        return refusals === 0 ? noAnswer() : super.heal(...args);
      }
      override proveGone(...args: Parameters<FakeFault['proveGone']>): Promise<string> {
        return refusals === 1 ? noAnswer() : super.proveGone(...args);
      }
    }
    const { report } = await run(new Unreachable());
    expect(report.outcome, report.because).to.equal('held');
    expect(refusals).to.equal(2);
  });

  it('heals when it is interrupted, and is unknown', async () => {
    const controller = new AbortController();
    class Interrupted extends FakeFault {
      override proveActive(...args: Parameters<FakeFault['proveActive']>): Promise<string> {
        controller.abort(new HarnessError('interrupted', 'Ctrl-C'));
        return super.proveActive(...args);
      }
    }
    const { report } = await run(new Interrupted(), {
      signal: controller.signal,
      scenario: { faults: [{ ...fakeScenario.faults[0]!, hold: '60s' }] },
    });
    expect(report.outcome).to.equal('unknown');
    expect(report.because).to.match(/Ctrl-C/);
    expect(report.faults[0]?.gone.proved).to.equal(true);
  });

  it('stops when the halt file appears', async () => {
    class Halting extends FakeFault {
      override proveActive(...args: Parameters<FakeFault['proveActive']>): Promise<string> {
        for (const id of readdirSync(fakes.runs)) writeFileSync(join(fakes.runs, id, 'halt'), '');
        return super.proveActive(...args);
      }
    }
    const { report } = await run(new Halting(), {
      scenario: { faults: [{ ...fakeScenario.faults[0]!, hold: '60s' }] },
    });
    expect(report.outcome).to.equal('unknown');
    expect(report.because).to.match(/halted from another terminal/);
    expect(report.faults[0]?.gone.proved).to.equal(true);
  });

  it('goes on writing until every promise is decided that needs nothing read back', async () => {
    let [looks, looksWhenReadBack] = [0, -1];
    const calm: Guarantee = {
      ...feltGuarantee,
      name: 'calm',
      judge: () => {
        looks += 1;
        return looks < 3 ? { status: 'unknown', because: 'an outage is open' } : held;
      },
    };
    const intact: Guarantee = {
      ...feltGuarantee,
      name: 'intact',
      needsReadBack: true,
      judge: () => (looksWhenReadBack < 0 ? { status: 'unknown', because: 'nothing was read back' } : held),
    };
    const measure: Instruments['measure'] = async (options) => ({
      ...(await fakeInstruments.measure(options)),
      readBack: () => {
        looksWhenReadBack = looks;
        return Promise.resolve();
      },
    });
    const { report } = await run(new FakeFault(), {
      guarantees: [calm, intact],
      scenario: {
        recoverWithin: '10s',
        guarantees: ['calm', 'intact'].map((guarantee) => ({ guarantee, params: {} })),
      },
      instruments: { measure },
    });
    expect(report.outcome, report.because).to.equal('held');
    expect(looksWhenReadBack).to.equal(3);
  });
});
