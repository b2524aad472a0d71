import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { startControl } from '../../harness/load/control.ts';
import { startLoad } from '../../harness/load/driver.ts';
import type { HistoryEvent } from '../../harness/model/history.ts';
import { ensurePrograms } from '../../harness/toolchain/index.ts';
import { CleanupStack } from '../../harness/util/cleanup.ts';
import { startClock, type Clock } from '../../harness/util/clock.ts';
import { makeLab, type Lab } from '../../suites/load/lab.ts';
import type { Bench } from './bench.ts';
import { judgePlanted, type Planted } from './planted.ts';
import type { Figure } from './figure.ts';

const lengthsMs = [250, 1_000, 5_000] as const;
const widthMs = 100;
/** 40 requests/s on each path: samples 25 ms apart. */
const rate = 40;
/** Before and after an outage: as much as a judge wants to see steady, and TCP's last try after the longest. */
const calmMs = 5_000;

/** Outages of known length, cut by nft on the client's side of a running load, against the intervals that are reported. */
export const benchOutage: Bench = async ({ times, signal, say }) => {
  const count = times ?? 20;
  const { events, planted } = await record(count, signal, say);
  return lengthsMs.flatMap((lengthMs) =>
    (['new', 'reused'] as const).flatMap((mode): readonly Figure[] => {
      const judged = planted
        .filter((each) => each.lengthMs === lengthMs)
        .map((each) => judgePlanted(events, each, mode));
      const contained = judged.filter((each) => each?.contained === true).length;
      const widths = judged.flatMap((each) => (each === null ? [] : [each.widthMs]));
      const name = `${String(lengthMs)} ms outage, ${mode} connections: width of the interval`;
      const note = `contains the truth in ${String(contained)} of ${String(judged.length)}`;
      return [{ name, unit: 'ms', target: widthMs, values: widths, note }];
    }),
  );
};

interface Recorded {
  readonly events: readonly HistoryEvent[];
  readonly planted: readonly Planted[];
}

async function record(count: number, signal: AbortSignal, say: (line: string) => void): Promise<Recorded> {
  const cleanup = new CleanupStack();
  try {
    const programs = await ensurePrograms(['k6', 'ip', 'nft'], () => undefined, signal);
    const lab = await makeLab(`sdbench${String(process.pid)}`, {
      ip: programs.get('ip') ?? 'ip',
      nft: programs.get('nft') ?? 'nft',
    });
    cleanup.push('lab', async () => {
      await lab.remove();
    });
    const logDirectory = mkdtempSync(join(tmpdir(), 'shakedown-bench-'));
    cleanup.push('logs', () => {
      rmSync(logDirectory, { recursive: true });
      return Promise.resolve();
    });
    const events: HistoryEvent[] = [];
    const targets = [await startControl(lab.server, signal), await startControl(lab.client, signal)] as const;
    for (const target of targets) cleanup.push('target', () => target[Symbol.asyncDispose]());
    const clock = startClock();
    const load = await startLoad({
      place: lab.client,
      paths: [{ name: 'across', url: targets[0].path.url }, targets[1].path],
      profile: { rate, timeout: '2s', modes: ['new', 'reused'] },
      clock,
      record: (event) => events.push(event),
      logDirectory,
      signal,
    });
    cleanup.push('load', () => load[Symbol.asyncDispose]());
    await load.untilSteady(60_000, signal);
    const planted = await plantAll(lab, clock, count, signal, say);
    await load.stop();
    return { events, planted };
  } finally {
    await cleanup.unwind();
  }
}

async function plantAll(
  lab: Lab,
  clock: Clock,
  count: number,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<readonly Planted[]> {
  const planted: Planted[] = [];
  for (let n = 1; n <= count; n += 1) {
    for (const lengthMs of lengthsMs) {
      const calmFromMs = clock.now();
      await sleep(calmMs, undefined, { signal });
      const cut = await lab.cut();
      await sleep(lengthMs, undefined, { signal });
      const mended = await lab.mend();
      await sleep(calmMs, undefined, { signal });
      planted.push({
        lengthMs,
        calmFromMs,
        calmToMs: clock.now(),
        beforeMs: clock.fromWall(cut.earliestMs),
        fromMs: clock.fromWall(cut.latestMs),
        toMs: clock.fromWall(mended.earliestMs),
        afterMs: clock.fromWall(mended.latestMs),
      });
    }
    say(`outages: ${String(n)} of ${String(count)} of each length`);
  }
  return planted;
}
