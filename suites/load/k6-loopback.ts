import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from 'chai';

import { startControl, type ControlTarget } from '../../harness/load/control.ts';
import { startLoad, type LoadTotals } from '../../harness/load/driver.ts';
import type { HistoryEvent, RequestEvent } from '../../harness/model/history.ts';
import { ensurePrograms } from '../../harness/toolchain/index.ts';
import { startClock } from '../../harness/util/clock.ts';
import { makeLab, type Lab } from './lab.ts';

const obstacle =
  process.platform !== 'linux'
    ? 'network namespaces need Linux'
    : process.getuid?.() !== 0
      ? 'network namespaces need root'
      : null;

const rate = 40;
const timeoutMs = 2_000;
const outagesMs = [250, 1_000, 5_000];
/** Longer than what follows an outage: time-outs, and TCP's next try. */
const quietMs = 4_000;

interface Outage {
  readonly lengthMs: number;
  /** On the run's clock: surely cut from `fromMs` to `toMs`, surely not before `beforeMs` or after `afterMs`. */
  readonly beforeMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly afterMs: number;
}

/** The real k6 between two network namespaces, with outages of known length. */
describe('the load, from one namespace to another', function () {
  if (obstacle !== null) {
    it(`is not tried here: ${obstacle}`);
    return;
  }
  this.timeout(600_000);
  const events: HistoryEvent[] = [];
  const outages: Outage[] = [];
  let totals: LoadTotals;
  let lab: Lab;
  let steadyMs = 0;
  let endMs = 0;

  before(async () => {
    const signal = AbortSignal.timeout(600_000);
    const programs = await ensurePrograms(['k6', 'ip', 'nft'], () => undefined, signal);
    lab = await makeLab(`sdload${String(process.pid)}`, { ip: programs.get('ip')!, nft: programs.get('nft')! });
    const logDirectory = mkdtempSync(join(tmpdir(), 'shakedown-load-'));
    const targets: ControlTarget[] = [];
    try {
      targets.push(await startControl(lab.server, signal), await startControl(lab.client, signal));
      const clock = startClock();
      const load = await startLoad({
        place: lab.client,
        paths: [{ name: 'across', url: targets[0]!.path.url }, targets[1]!.path],
        profile: { rate, timeout: '2s', modes: ['new', 'reused'] },
        clock,
        record: (event) => events.push(event),
        logDirectory,
        signal,
      });
      await load.untilSteady(30_000, signal);
      steadyMs = clock.now();
      for (const lengthMs of outagesMs) {
        const cut = await lab.cut();
        await sleep(lengthMs);
        const mended = await lab.mend();
        const [beforeMs, fromMs, toMs, afterMs] = [
          cut.earliestMs,
          cut.latestMs,
          mended.earliestMs,
          mended.latestMs,
        ].map((ms) => clock.fromWall(ms)) as [number, number, number, number];
        outages.push({ lengthMs, beforeMs, fromMs, toMs, afterMs });
        await sleep(quietMs);
      }
      endMs = clock.now();
      totals = await load.stop();
    } finally {
      for (const target of targets) await target[Symbol.asyncDispose]();
      rmSync(logDirectory, { recursive: true });
    }
  });

  after(async () => {
    expect(await lab.remove()).to.deep.equal([]);
  });

  const requests = (path: string, mode: string): RequestEvent[] =>
    events
      .filter((event) => event.kind === 'request')
      .filter((event) => event.path === path && event.mode === mode)
      .sort((a, b) => a.startMs - b.startMs);

  for (const path of ['across', 'control'])
    for (const mode of ['new', 'reused']) {
      it(`accounts for every request: ${path}, ${mode}`, () => {
        const numbers = requests(path, mode).map(({ seq }) => seq);
        expect(numbers.sort((a, b) => a - b)).to.deep.equal(numbers.map((_, index) => index));
        const dueAtLeast = ((endMs - steadyMs) * rate) / 1_000 - 1;
        expect(requests(path, mode).filter(({ startMs }) => startMs >= steadyMs)).to.have.length.at.least(
          Math.floor(dueAtLeast),
        );
      });
    }

  it('counts what it recorded', () => {
    const all = events.filter((event) => event.kind === 'request');
    const dropped = all.filter(({ error }) => error === 'dropped').length;
    expect(totals).to.deep.equal({
      sent: all.length - dropped,
      failed: all.filter(({ ok, error }) => !ok && error !== 'dropped').length,
      dropped,
    });
    expect(events.some(({ kind }) => kind === 'gap')).to.equal(false);
  });

  for (const [index, lengthMs] of outagesMs.entries())
    for (const mode of ['new', 'reused'])
      it(`feels an outage of ${String(lengthMs)} ms on ${mode} connections`, () => {
        const { fromMs, toMs } = outages[index]!;
        const during = requests('across', mode).filter(({ startMs }) => startMs > fromMs && startMs < toMs);
        expect(during.length, 'requests in the outage').to.be.at.least(
          Math.floor(((toMs - fromMs) * rate * 0.8) / 1_000),
        );
        const answered = during.filter(({ ok, endMs: answeredMs }) => ok && answeredMs < toMs);
        expect(answered, 'answered through a cut cable').to.deep.equal([]);
        const hopeless = during.filter(({ startMs }) => startMs + timeoutMs < toMs);
        for (const request of hopeless) expect(request).to.include({ ok: false, error: 'timeout', status: 0 });
        expect(hopeless.length > 0).to.equal(lengthMs > timeoutMs);
      });

  it('fails outside of the outages only by their after-effects', () => {
    const near = (startMs: number): boolean =>
      outages.some(({ beforeMs, afterMs }) => startMs > beforeMs - timeoutMs && startMs < afterMs + timeoutMs);
    const failed = ['new', 'reused'].flatMap((mode) => requests('across', mode)).filter(({ ok }) => !ok);
    expect(failed.filter(({ startMs }) => startMs > steadyMs && !near(startMs))).to.deep.equal([]);
    expect(failed.length).to.be.greaterThan(0);
  });

  it('leaves the control target alone', () => {
    const failed = ['new', 'reused']
      .flatMap((mode) => requests('control', mode))
      .filter(({ ok, startMs }) => !ok && startMs > steadyMs);
    expect(failed).to.deep.equal([]);
  });
});
