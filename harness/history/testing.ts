import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { RunReport } from '../model/report.ts';
import type { Verdict } from '../model/verdict.ts';

/** What a made-up run measured; times in milliseconds. */
export interface MadeUp {
  readonly id: string;
  readonly scenario?: string;
  readonly seed?: number;
  readonly version?: string;
  readonly commit?: string;
  readonly labels?: readonly string[];
  readonly outcome?: RunReport['outcome'];
  readonly status?: Verdict['status'];
  /** The middle of the recovery's interval, which is 200 ms wide; null when it has no upper bound. */
  readonly recoveryMs?: number | null;
  readonly acknowledged?: number;
  readonly recoverPhaseMs?: number;
  /** How long after the injection the cluster noticed, as the verdict details it. */
  readonly noticedMs?: number;
}

/** A report with one promise, two figures, two phases and a fault. */
export function madeUpReport(run: MadeUp): object {
  const { id, scenario = 'leader-loss', seed = 7, version = '0.1.0', commit = 'abcdef123456', outcome = 'held' } = run;
  const { status = 'held', recoveryMs = 1_000, acknowledged = 500, recoverPhaseMs = 3_000 } = run;
  const recovery =
    recoveryMs === null ? { lower: 5_000, upper: null } : { lower: recoveryMs - 100, upper: recoveryMs + 100 };
  return {
    schema: 1,
    id,
    scenario: { name: scenario },
    seed,
    version,
    commit,
    ...(run.labels === undefined ? {} : { labels: run.labels }),
    startedAt: `2026-01-01T00:00:00Z/${id}`,
    durationMs: 60_000,
    outcome,
    because: 'made up',
    phases: [
      { name: 'acquire', startMs: 0, endMs: 10_000 },
      { name: 'recover', startMs: 10_000, endMs: 10_000 + recoverPhaseMs },
    ],
    faults: [
      {
        step: '1-etcd-leader-loss',
        fault: 'etcd-leader-loss',
        targets: ['cp1'],
        injectedMs: 5,
        feltMs: 6,
        healedMs: 7,
        goneMs: null,
      },
    ],
    guarantees: [
      {
        spec: { guarantee: 'api-rto', params: { under: '10s', target: 'api-ha' } },
        verdict: {
          status,
          figures: [
            { name: 'recovery', unit: 'ms', ...recovery, limit: 10_000 },
            { name: 'acknowledged', unit: 'count', lower: acknowledged, upper: acknowledged },
          ],
          ...(run.noticedMs === undefined ? {} : { details: stepsOf(run.noticedMs) }),
        },
      },
    ],
  };
}

const stepsOf = (noticedMs: number): object => ({
  faultMs: 10_000,
  phases: [
    { name: 'injecting', atMs: 10_000 },
    { name: 'noticed', atMs: 10_000 + noticedMs },
    { name: 'withdrawn', atMs: 20_000 },
    { name: 'noticed', atMs: 90_000 },
    { name: 'healed', atMs: 99_000 },
  ],
});

/** Stores made-up runs as a run's directory has them. */
export function storeRuns(runsDirectory: string, runs: readonly MadeUp[]): void {
  for (const run of runs) {
    mkdirSync(join(runsDirectory, run.id), { recursive: true });
    writeFileSync(join(runsDirectory, run.id, 'run.json'), JSON.stringify(madeUpReport(run)));
  }
}
