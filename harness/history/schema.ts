import type { DatabaseSync } from 'node:sqlite';

import { HarnessError } from '../model/errors.ts';

/** The version of the tables; kept in the file itself (PRAGMA user_version). */
export const historySchema = 2;

const tables = `
  CREATE TABLE runs (
    id TEXT PRIMARY KEY, digest TEXT NOT NULL, report_schema INTEGER NOT NULL, scenario TEXT NOT NULL, seed INTEGER NOT NULL,
    version TEXT NOT NULL, commit_name TEXT NOT NULL, started_at TEXT NOT NULL, duration_ms REAL NOT NULL,
    outcome TEXT NOT NULL, because TEXT NOT NULL, labels TEXT NOT NULL DEFAULT '[]'
  ) STRICT;
  CREATE INDEX runs_of_scenario ON runs (scenario, started_at);
  CREATE TABLE promises (
    run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, identity TEXT NOT NULL, status TEXT NOT NULL,
    PRIMARY KEY (run_id, identity)
  ) STRICT;
  CREATE TABLE figures (
    run_id TEXT NOT NULL, guarantee TEXT NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL,
    lower REAL, upper REAL, midpoint REAL, most REAL, place INTEGER NOT NULL,
    PRIMARY KEY (run_id, guarantee, name),
    FOREIGN KEY (run_id, guarantee) REFERENCES promises (run_id, identity) ON DELETE CASCADE
  ) STRICT;
  CREATE TABLE phases (
    run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, place INTEGER NOT NULL, name TEXT NOT NULL,
    start_ms REAL NOT NULL, end_ms REAL NOT NULL, error TEXT, PRIMARY KEY (run_id, place)
  ) STRICT;
  CREATE TABLE faults (
    run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, place INTEGER NOT NULL, step TEXT NOT NULL, fault TEXT NOT NULL,
    targets TEXT NOT NULL, injected_ms REAL, felt_ms REAL, healed_ms REAL, gone_ms REAL, PRIMARY KEY (run_id, place)
  ) STRICT;
`;

/** What each version added to the one before it: no run has to be read again for it. */
const since: Readonly<Record<number, string>> = { 1: "ALTER TABLE runs ADD COLUMN labels TEXT NOT NULL DEFAULT '[]';" };

/**
 * Makes the tables of an empty database, and checks those of another.
 * @throws HarnessError `history` when a newer version of this program made them
 */
export function prepareTables(database: DatabaseSync, file: string): void {
  const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (found > historySchema) {
    throw new HarnessError(
      'history',
      `${file}: expected tables of version ${String(historySchema)} or older, found ${String(found)}; a newer version of this program made them`,
      { hint: `update shakedown, or move ${file} away: it is made again from the stored runs` },
    );
  }
  if (found === historySchema) return;
  const change = since[found] ?? tables;
  database.exec(`BEGIN IMMEDIATE; ${change} PRAGMA user_version = ${String(historySchema)}; COMMIT;`);
}
