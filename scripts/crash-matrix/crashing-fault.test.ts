import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import type { FaultContext } from '../../harness/model/fault.ts';
import { runScenario } from '../../harness/run/index.ts';
import { fakeCatalogue, FakeFault, fakeInstruments, fakeScenario } from '../../suites/self/fakes.ts';
import { crashSteps, isMoving, type Crash, type CrashStep } from './crash.ts';
import { crashing } from './crashing-fault.ts';
import { SharedDeath } from './shared-death.ts';

/** Acts through node commands, as real faults do: two to inject and two to heal. */
class CommandingFault extends FakeFault {
  override async inject(context: FaultContext, plan: { readonly node: string }): Promise<void> {
    await context.cluster.node('w1').exec(['one']);
    await context.cluster.node('w1').exec(['two']);
    await super.inject({ ...context, cluster: this.cluster! }, plan);
  }
  override async heal(context: FaultContext, plan: { readonly node: string }): Promise<void> {
    await context.cluster.node('w1').exec(['one']);
    await context.cluster.node('w1').exec(['two']);
    await super.heal({ ...context, cluster: this.cluster! }, plan);
  }
  override plan(context: FaultContext, params: { readonly node: string }): Promise<{ readonly node: string }> {
    this.cluster = context.cluster;
    return super.plan(context, params);
  }
  cluster: FaultContext['cluster'] | undefined;
}

describe('a crashing fault', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'crashing-'));
    mkdirSync(join(root, 'clusters'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  /** Runs the real engine on fakes. @returns the last phase that the history tells before the death, or `alive` */
  async function lastPhaseAt(crash: Crash): Promise<string> {
    const notes: string[] = [];
    const phases: string[] = [];
    const death = new SharedDeath(isMoving(crash) ? [] : ['a'], isMoving(crash) ? ['a'] : [], () => {
      phases.push(/fake-fault (\S+):/.exec(notes.at(-1) ?? '')?.[1] ?? 'nothing');
    });
    const fault = crashing(new CommandingFault(), crash, death.of('a'));
    await runScenario(fakeScenario, fakeCatalogue(join(root, 'clusters'), fault), {
      runsDirectory: join(root, 'runs'),
      observer: { phase: () => undefined, note: (line) => notes.push(line), progress: () => undefined },
      signal: new AbortController().signal,
      instruments: fakeInstruments,
    });
    return phases[0] ?? 'alive';
  }

  const base = { command: 1, whileRunning: false, delayMs: 1 };
  const expected: Readonly<Record<Exclude<CrashStep, 'random' | 'holding'>, string>> = {
    'before-journal': 'nothing',
    'after-journal': 'planned',
    'after-arm': 'injecting',
    'mid-inject': 'injecting',
    'after-inject': 'injecting',
    'mid-heal': 'healing',
    'after-heal': 'healing',
    'after-proof': 'healed',
  };
  for (const [step, phase] of Object.entries(expected))
    it(`dies ${step}, when the run has told ${phase}`, async () => {
      expect(await lastPhaseAt({ ...base, step: step as CrashStep })).to.equal(phase);
    });

  it('dies while a command runs, or at the last boundary when there is none so late', async () => {
    for (const command of [1, 2, 3])
      expect(await lastPhaseAt({ ...base, step: 'mid-inject', command, delayMs: 0, whileRunning: true })).to.equal(
        'injecting',
      );
  });

  it('dies in the hold and at a random moment', async () => {
    expect(await lastPhaseAt({ ...base, step: 'holding' })).to.be.oneOf(['injected', 'felt']);
    expect(await lastPhaseAt({ ...base, step: 'random' })).not.to.equal('alive');
    expect(crashSteps).to.have.length(10);
  });
});
