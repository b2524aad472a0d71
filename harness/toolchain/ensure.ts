import { chmod } from 'node:fs/promises';

import type { Progress } from '../model/cluster.ts';
import { HarnessError } from '../model/errors.ts';
import { cacheDirectory } from './cache/directory.ts';
import { withCacheLock } from './cache/lock.ts';
import { Memo } from './cache/memo.ts';
import { store } from './cache/program-store.ts';
import { openWorkspace } from './cache/workspace.ts';
import { diskFullAs } from './errors.ts';
import { searchPathOf, type SearchPath } from './find-on-path.ts';
import { inspectVersion } from './inspect-version.ts';
import { isLocated, isMissing, locate, type Located, type Missing, type Places } from './locate.ts';
import { wantedText } from './program.ts';
import { specOf, type ProgramName } from './programs.ts';
import { DebianSource } from './sources/debian.ts';
import { ModuleSource } from './sources/module.ts';
import { ReleaseSource } from './sources/release.ts';
import type { Obtained, ObtainContext, Source } from './sources/source.ts';

/** What the toolchain works on; tests give their own. */
export interface World {
  readonly cache: string;
  readonly search: SearchPath;
  /** In the order in which they are asked. */
  readonly sources: readonly Source[];
}

let processWide: readonly Source[] | undefined;

/** This machine. The sources live as long as the process, so that a host out of reach is asked once. */
export function thisWorld(): World {
  // No program has both a package and a release; packages go first because their want of rights shows at once.
  processWide ??= [new DebianSource(), new ReleaseSource(), new ModuleSource()];
  return { cache: cacheDirectory(), search: searchPathOf(), sources: processWide };
}

/**
 * Makes sure that programs are there, in their wanted versions: from PATH, the cache, releases, pinned modules or packages.
 * Safe while another process does the same; an interrupted call leaves nothing half-done. A call that finds all takes milliseconds.
 * @returns absolute paths; for `cni-plugins` the folder
 * @throws HarnessError `toolchain` | `not-here` | `disk-full` with what to do; the signal's reason when aborted
 */
export async function ensurePrograms(
  names: readonly ProgramName[],
  progress: Progress,
  signal: AbortSignal,
  world: World = thisWorld(),
): Promise<ReadonlyMap<ProgramName, string>> {
  const wanted = [...new Set(names)];
  const memo = await Memo.open(world.cache, 'versions');
  const places = { cache: world.cache, search: world.search, memo };
  const found = await locateAll(wanted, places);
  await memo.save();
  if (!found.every(isLocated)) {
    await withCacheLock(world.cache, progress, signal, async (held) => {
      const missing = found.filter(isMissing).map(({ name }) => name);
      await obtainMissing(missing, places, world.sources, progress, held);
    });
  }
  const now = found.every(isLocated) ? found : await locateAll(wanted, places);
  await memo.save();
  return pathsOf(now, world.sources);
}

const locateAll = (names: readonly ProgramName[], places: Places): Promise<readonly (Located | Missing)[]> =>
  Promise.all(names.map((name) => locate(name, places)));

/** Asks each source in turn for what is still missing; another run may have brought some of it in the meantime. */
async function obtainMissing(
  names: readonly ProgramName[],
  places: Places,
  sources: readonly Source[],
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  await using workspace = await openWorkspace(places.cache);
  const context = { workspace: workspace.path, cache: places.cache, progress, signal };
  for (const source of sources) {
    const missing = (await locateAll(names, places)).filter(isMissing).map(({ name }) => name);
    const offered = missing.filter((name) => source.offers(name) !== null);
    if (offered.length === 0) continue;
    signal.throwIfAborted();
    try {
      const obtained = await source.obtain(offered, context);
      for (const [name, one] of obtained) await accept(name, one, source, context);
    } catch (error) {
      throw diskFullAs(error, places.cache);
    }
  }
}

/** A program enters the cache only if it runs and says the wanted version. */
async function accept(
  name: ProgramName,
  { file, from }: Obtained,
  source: Source,
  { cache }: ObtainContext,
): Promise<void> {
  await chmod(file, 0o755);
  const { fits, version, because } = await inspectVersion(name, file, null);
  if (!fits)
    throw new HarnessError('toolchain', `What ${from} gave as ${name} was thrown away: ${because}`, {
      hint: 'please report this; the pinned version and the source disagree',
    });
  await store(cache, name, file, { version, kind: source.kind, from });
}

function pathsOf(found: readonly (Located | Missing)[], sources: readonly Source[]): ReadonlyMap<ProgramName, string> {
  const missing = found.filter(isMissing);
  if (missing.length > 0)
    throw new HarnessError('toolchain', missing.map((one) => sentence(one, sources)).join('; '), {
      hint: 'shakedown toolchain',
    });
  return new Map(found.filter(isLocated).map(({ name, path }) => [name, path]));
}

function sentence({ name, rejected }: Missing, sources: readonly Source[]): string {
  const asked = sources.map((source) => source.offers(name)).filter((offer) => offer !== null);
  const why = rejected.length > 0 ? `; ${rejected.join('; ')}` : '';
  return `${name} (${wantedText(specOf(name).wanted)}) could not be obtained from ${asked.join(' or ') || 'anywhere'}${why}`;
}
