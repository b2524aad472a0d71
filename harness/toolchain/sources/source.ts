import type { Progress } from '../../model/cluster.ts';
import type { ProgramName } from '../programs.ts';

export interface ObtainContext {
  /** A folder for half-done things on the cache's file system; removed afterwards. */
  readonly workspace: string;
  readonly cache: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** A file that a source has made in the workspace; it is checked and moved into the cache by the caller. */
export interface Obtained {
  readonly file: string;
  /** Where it comes from, for people. */
  readonly from: string;
}

/** A way to get programs that are neither on PATH nor in the cache. */
export interface Source {
  readonly kind: 'debian' | 'release' | 'module';
  /** Where that program would come from, for people; null when this source has it not. */
  offers(name: ProgramName): string | null;
  /**
   * Gets what it can of programs it offers. What it leaves out the next source is asked for;
   * a package manager leaves everything out and puts it on PATH.
   * @throws HarnessError when going on makes no sense: a wrong checksum, a full disk, no rights
   */
  obtain(names: readonly ProgramName[], context: ObtainContext): Promise<ReadonlyMap<ProgramName, Obtained>>;
}
