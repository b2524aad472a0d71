// What an hour's run takes of memory: `node scripts/bench/hour.ts`. Prints the largest resident set, in MiB, once all is recorded and once it is judged.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { catalogue } from '../../harness/cli/catalogue.ts';
import { blastRadius, errorBudget, latencyUnder, rto, zeroFailures } from '../../harness/guarantees/index.ts';
import { between, fault, requests } from '../../harness/guarantees/testing/histories.ts';
import { HistoryRecorder } from '../../harness/run/history-file.ts';
import { judgeHistory } from '../../harness/run/judge.ts';

const sliceMs = 10_000;
const hourMs = 3_600_000;
const [faultMs, healMs] = [1_800_000, 1_845_000];
const paths = ['nodeport-a', 'nodeport-b', 'nodeport-c', 'ingress', 'control'];
const peakMiB = (): number => process.resourceUsage().maxRSS / 1024;

/** Ten streams of 20 requests/s for ten seconds, in the order in which they ended. */
const slice = (fromMs: number) =>
  paths
    .flatMap((path) => {
      const fails = path === 'control' ? () => false as const : between(faultMs, healMs);
      return (['new', 'reused'] as const).flatMap((mode) =>
        requests({ path, mode, fromMs, toMs: fromMs + sliceMs, periodMs: 50, fails }).map((request) => ({
          ...request,
          seq: request.seq + fromMs / 50,
        })),
      );
    })
    .sort((a, b) => a.endMs - b.endMs);

const directory = mkdtempSync(join(tmpdir(), 'shakedown-hour-'));
try {
  const recorder = new HistoryRecorder(directory);
  const broken = fault({ injectingMs: faultMs - 100, feltMs: faultMs + 100, healedMs: healMs });
  for (let fromMs = 0; fromMs < hourMs; fromMs += sliceMs) {
    if (fromMs === faultMs) for (const event of broken) recorder.record(event);
    for (const request of slice(fromMs)) recorder.record(request);
    // A run writes as it goes along: here an hour must not wait for it.
    await sleep(5);
  }
  const recordedMiB = peakMiB();
  const guarantees = [
    rto({ under: '60s' }),
    errorBudget({ objective: 90 }),
    zeroFailures(),
    latencyUnder({ under: '250ms' }),
    blastRadius({ errors: '50%', outside: 'nodeport-a' }),
  ];
  const verdicts = judgeHistory({ guarantees }, recorder.events, catalogue.guarantees).map(
    ({ verdict }) => verdict.status,
  );
  await recorder.close();
  console.log(
    `recorded ${recordedMiB.toFixed(0)} MiB, judged ${peakMiB().toFixed(0)} MiB, ${String(recorder.events.length)} events, ${verdicts.join(' ')}`,
  );
} finally {
  rmSync(directory, { recursive: true });
}
