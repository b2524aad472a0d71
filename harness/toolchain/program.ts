import type { ModuleName } from './sources/go-modules.ts';
import type { ReleaseHost } from './sources/release-hosts.ts';

/** Which versions do. A minimum is for what a distribution brings, an exact one for what the cluster is made of. */
export type Wanted = { readonly exactly: string } | { readonly atLeast: string } | 'any';

/** One program: how it is recognised and where it may come from. */
export interface ProgramSpec {
  readonly wanted: Wanted;
  /** Arguments with which it says what it is; without side effects. */
  readonly versionArguments: readonly string[];
  /** Matches its real output, both streams; the first group is the version. No group where it tells none. */
  readonly versionPattern: RegExp;
  /** The folder's programs when the "program" is a folder, such as the CNI plugins. */
  readonly members?: readonly string[];
  /** An official release: the file, and inside a tar archive the member. */
  readonly release?: {
    readonly host: ReleaseHost;
    readonly file: string;
    readonly checksums: string;
    readonly member?: string;
  };
  /** A package of a pinned Go module; `built` is the file name that `go build` gives it, if another. */
  readonly module?: { readonly module: ModuleName; readonly package: string; readonly built?: string };
  readonly debian?: string;
}

const numbers = (version: string): readonly number[] => (/\d+(\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number);

/** Whether a version does. Minimums compare the leading numbers: 1.6.20~ds1 counts as 1.6.20. */
export function fits(wanted: Wanted, version: string): boolean {
  if (wanted === 'any') return true;
  if ('exactly' in wanted) return version === wanted.exactly;
  const found = numbers(version);
  const least = numbers(wanted.atLeast);
  for (const [index, limit] of least.entries()) {
    const number = found[index] ?? 0;
    if (number !== limit) return number > limit;
  }
  return true;
}

/** A wanted version as people read it. */
export function wantedText(wanted: Wanted): string {
  if (wanted === 'any') return 'any';
  return 'exactly' in wanted ? wanted.exactly : `>= ${wanted.atLeast}`;
}
