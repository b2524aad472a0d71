import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { HarnessError } from '../model/errors.ts';
import type { Figure, Outcome } from '../model/verdict.ts';
import { identitiesOf } from '../model/identity.ts';
import { incidentPhases } from './incident-phases.ts';
import type { StoredReport } from './report-file.ts';
import { prepareTables } from './schema.ts';

/** One measured figure of one run; a bound that is null is infinite, and so the midpoint is not known. */
export interface StoredFigure {
  readonly guarantee: string;
  readonly name: string;
  readonly unit: Figure['unit'];
  readonly lower: number | null;
  readonly upper: number | null;
  readonly midpoint: number | null;
  readonly limit: number | null;
  /** What the judge said of the promise: the figures of an `unknown` one are kept but prove nothing. */
  readonly status: 'held' | 'violated' | 'unknown';
}

export interface StoredRun {
  readonly id: string;
  readonly scenario: string;
  readonly seed: number;
  readonly version: string;
  readonly commit: string;
  readonly labels: readonly string[];
  readonly startedAt: string;
  readonly durationMs: number;
  readonly outcome: Outcome;
  readonly because: string;
  readonly figures: readonly StoredFigure[];
  /** Those of the run itself, and from the injection to each step of the incident. */
  readonly phases: readonly { readonly name: string; readonly tookMs: number; readonly failed: boolean }[];
}

/** Another process may be importing: it is waited for that long. */
const busyMs = 10_000;

/** The runs of this machine in one SQLite file. It holds nothing that could not be made again from the runs' own files. */
export class HistoryStore implements Disposable {
  readonly #database: DatabaseSync;

  /** @throws HarnessError `history` when the file is no such database, or of a newer version */
  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true });
    const database = new DatabaseSync(file, { timeout: busyMs });
    try {
      prepareTables(database, file);
    } catch (cause) {
      database.close();
      if (cause instanceof HarnessError) throw cause;
      throw new HarnessError('history', `${file}: expected a database of runs, found something else`, {
        cause,
        hint: `move ${file} away: it is made again from the stored runs`,
      });
    }
    this.#database = database;
  }

  /** @returns false when the same report is there already */
  put(report: StoredReport): boolean {
    const there = this.#database.prepare('SELECT digest FROM runs WHERE id = ?').get(report.id);
    if (there?.['digest'] === report.digest) return false;
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      this.#database.prepare('DELETE FROM runs WHERE id = ?').run(report.id);
      this.#insert(report);
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
    return true;
  }

  #insert(report: StoredReport): void {
    const { id, digest, schema, scenario, seed, version, commit, startedAt, durationMs, outcome, because, labels } =
      report;
    const insert = (table: string, values: readonly (string | number | null)[]): void => {
      const places = values.map(() => '?').join();
      this.#database.prepare(`INSERT INTO ${table} VALUES (${places})`).run(...values);
    };
    const run = [
      id,
      digest,
      schema,
      scenario.name,
      seed,
      version,
      commit,
      startedAt,
      durationMs,
      outcome,
      because,
      JSON.stringify(labels),
    ];
    insert('runs', run);
    const identities = identitiesOf(report.guarantees.map(({ spec }) => spec));
    report.guarantees.forEach(({ verdict }, index) => {
      const identity = identities[index] ?? '';
      insert('promises', [id, identity, verdict.status]);
      const seen = new Set<string>();
      verdict.figures?.forEach(({ name, unit, lower, upper, limit }, place) => {
        if (seen.has(name)) return;
        seen.add(name);
        const midpoint = lower === null || upper === null ? null : (lower + upper) / 2;
        insert('figures', [id, identity, name, unit, lower, upper, midpoint, limit ?? null, place]);
      });
    });
    const phases: StoredReport['phases'] = [...report.phases, ...incidentPhases(report)];
    phases.forEach(({ name, startMs, endMs, error }, place) => {
      insert('phases', [id, place, name, startMs, endMs, error ?? null]);
    });
    report.faults.forEach(({ step, fault, targets, injectedMs, feltMs, healedMs, goneMs }, place) => {
      insert('faults', [id, place, step, fault, targets.join(), injectedMs, feltMs, healedMs, goneMs]);
    });
  }

  /** The runs, of one scenario or of all, oldest first. */
  runs(scenario?: string): readonly StoredRun[] {
    const where = scenario === undefined ? '' : 'WHERE scenario = ?';
    const given = scenario === undefined ? [] : [scenario];
    const runs = this.#database
      .prepare(
        `SELECT id, scenario, seed, version, commit_name AS "commit", started_at AS startedAt, duration_ms AS durationMs,
         outcome, because, labels FROM runs ${where} ORDER BY started_at, id`,
      )
      .all(...given) as unknown as (Omit<StoredRun, 'figures' | 'phases' | 'labels'> & { readonly labels: string })[];
    const figures = Map.groupBy(this.#figures(), ({ run }) => run);
    const phases = Map.groupBy(
      this.#database
        .prepare(
          'SELECT run_id AS run, name, end_ms - start_ms AS tookMs, error IS NOT NULL AS failed FROM phases ORDER BY place',
        )
        .all() as unknown as { run: string; name: string; tookMs: number; failed: number }[],
      ({ run }) => run,
    );
    return runs.map((run) => ({
      ...run,
      labels: JSON.parse(run.labels) as readonly string[],
      figures: (figures.get(run.id) ?? []).map(({ figure }) => figure),
      phases: (phases.get(run.id) ?? []).map(({ name, tookMs, failed }) => ({ name, tookMs, failed: failed === 1 })),
    }));
  }

  #figures(): readonly { readonly run: string; readonly figure: StoredFigure }[] {
    const rows = this.#database
      .prepare(
        `SELECT f.run_id AS run, guarantee, name, unit, lower, upper, midpoint, most AS "limit", status FROM figures f
         JOIN promises p ON p.run_id = f.run_id AND identity = guarantee ORDER BY p.rowid, place`,
      )
      .all() as unknown as (StoredFigure & { readonly run: string })[];
    return rows.map(({ run, ...figure }) => ({ run, figure }));
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

/** Where the runs of a directory are stored. */
export const historyFile = (runsDirectory: string): string => join(runsDirectory, 'history.db');
