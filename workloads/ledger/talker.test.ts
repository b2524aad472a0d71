import { expect } from 'chai';

import type { Place, Ran, Running } from '../../harness/model/cluster.ts';
import type { HistoryEvent } from '../../harness/model/history.ts';
import type { ClientContext } from '../../harness/model/workload.ts';
import { eventually, notYet, yes } from '../../harness/util/eventually.ts';
import type { Job } from './job.ts';
import { Talker } from './talker.ts';

const job: Job = {
  targets: [],
  kubeconfig: '',
  namespace: 'ns',
  periodMs: 100,
  timeoutMs: 500,
  models: [],
  modelPeriodMs: 1_000,
};

/** A program that prints what it is told to, and ends at a signal that it heeds, or by itself. */
class FakeProgram implements Running {
  readonly heeded: readonly NodeJS.Signals[];
  readonly signals: NodeJS.Signals[] = [];
  readonly done: Promise<Ran>;
  #end: (ran: Ran) => void = () => undefined;
  readonly #said: readonly string[];

  constructor(said: readonly string[], heeded: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGKILL']) {
    this.#said = said;
    this.heeded = heeded;
    this.done = new Promise((resolve) => (this.#end = resolve));
  }

  get lines(): AsyncIterable<string> {
    const [said, done] = [this.#said, this.done];
    return (async function* () {
      yield* said;
      await done;
    })();
  }

  die(exitCode: number): void {
    this.#end({ stdout: '', stderr: '', exitCode });
  }

  kill(signal: NodeJS.Signals): void {
    this.signals.push(signal);
    if (this.heeded.includes(signal)) this.die(143);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

describe('a program of the ledger', () => {
  let nowMs = 0;
  const events: HistoryEvent[] = [];
  const taken: string[] = [];
  beforeEach(() => {
    nowMs = 1_000;
    events.length = 0;
    taken.length = 0;
  });

  const talkerOf = (program: FakeProgram): Talker =>
    new Talker({
      context: {
        now: () => nowMs,
        record: (event: HistoryEvent) => events.push(event),
      } as unknown as ClientContext,
      place: { spawn: () => program } as unknown as Place,
      job,
      name: 'writer',
      probe: 'ledger',
      take: (text) => text.startsWith('did ') && taken.push(text) > 0,
    });
  const until = (what: string, holds: () => boolean): Promise<unknown> =>
    eventually(what, { withinMs: 2_000, everyMs: 1 }, () => (holds() ? yes(null) : notYet('not yet')));

  it('is blind from its last line to its death, and from there to the end', async () => {
    const program = new FakeProgram(['did 1', 'out of memory']);
    const talker = talkerOf(program);
    await until('the line', () => taken.length === 1);
    talker.check();
    nowMs = 1_500;
    program.die(137);
    await until('the death', () => talker.isDead);
    nowMs = 1_800;
    await talker.finish(50);
    const because = 'the writer ended with exit code 137; it said: out of memory';
    expect(events).to.deep.equal([
      { kind: 'gap', probe: 'ledger', startMs: 1_000, endMs: 1_500, because },
      { kind: 'gap', probe: 'ledger', startMs: 1_500, endMs: 1_800, because },
    ]);
    expect(() => {
      talker.check();
    }).to.throw(`The ledger's writer ended: ${because}`);
  });

  it('ends when it is told to, without a gap', async () => {
    const program = new FakeProgram(['did 1']);
    const talker = talkerOf(program);
    await talker.finish(1_000);
    await talker[Symbol.asyncDispose]();
    expect(program.signals).to.deep.equal(['SIGTERM']);
    expect(talker.isDead).to.equal(false);
    expect(events).to.deep.equal([]);
  });

  it('is killed when it does not end in time', async () => {
    const program = new FakeProgram([], ['SIGKILL']);
    await talkerOf(program).finish(1);
    expect(program.signals).to.deep.equal(['SIGTERM', 'SIGKILL']);
  });

  it('tells its times by the wall clock as it was at its start', async () => {
    const talker = talkerOf(new FakeProgram([]));
    expect(talker.fromWall(Date.now())).to.be.closeTo(1_000, 100);
    await talker.finish(10);
  });
});
