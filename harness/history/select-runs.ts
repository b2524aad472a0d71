import { closest } from 'fastest-levenshtein';

import { HarnessError } from '../model/errors.ts';
import type { StoredRun } from './store.ts';

export type SelectBy = 'label' | 'commit' | 'version' | 'seed';

/** A commit may be shortened, and `-dirty` says that the tree had changes besides. */
const isCommit = (commit: string, wanted: string): boolean =>
  wanted.length >= 4 && (commit === wanted || commit.replace(/-dirty$/, '').startsWith(wanted));

/** What a side of a comparison can be called, the most special first. */
const readings: Readonly<Record<SelectBy | 'id', (run: StoredRun, name: string) => boolean>> = {
  id: ({ id }, name) => id === name,
  label: ({ labels }, name) => labels.includes(name),
  commit: ({ commit }, name) => isCommit(commit, name),
  version: ({ version }, name) => version === name,
  seed: ({ seed }, name) => String(seed) === name,
};

/**
 * The runs that a name stands for: a run's id, a label, a commit, a version or a seed; `SCENARIO@` before it keeps to one scenario.
 * @param by which of them is meant; by default the first that fits, in that order
 * @throws HarnessError `unknown-name` when no run fits
 */
export function selectRuns(runs: readonly StoredRun[], name: string, by?: SelectBy): readonly StoredRun[] {
  const at = name.lastIndexOf('@');
  const scenario = at === -1 ? null : name.slice(0, at);
  const wanted = name.slice(at + 1);
  const considered = scenario === null ? runs : runs.filter((run) => run.scenario === scenario);
  for (const reading of by === undefined ? (['id', 'label', 'commit', 'version', 'seed'] as const) : [by]) {
    const found = considered.filter((run) => readings[reading](run, wanted));
    if (found.length > 0) return found;
  }
  const names = [...new Set(considered.flatMap(({ id, labels, commit, version }) => [id, ...labels, commit, version]))];
  const near = names.length === 0 ? '' : `; did you mean '${closest(wanted, names)}'?`;
  throw new HarnessError(
    'unknown-name',
    `No stored run has the ${by ?? 'id, label, commit, version or seed'} '${name}'${near}`,
    {
      hint: 'shakedown history',
    },
  );
}
