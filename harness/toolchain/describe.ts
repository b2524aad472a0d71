import { Memo } from './cache/memo.ts';
import { thisWorld, type World } from './ensure.ts';
import { isLocated, locate } from './locate.ts';
import { wantedText } from './program.ts';
import { allProgramNames, specOf, type ProgramName } from './programs.ts';

/** One line of `shakedown toolchain`. */
export interface ProgramDescription {
  readonly program: ProgramName;
  readonly wanted: string;
  /** What the program says of itself; empty when it is missing or tells none. */
  readonly version: string;
  /** Where it comes from; where it would come from when it is missing. */
  readonly source: string;
  readonly path: string | null;
  readonly state: 'present' | 'missing';
  /** Programs of the same name that do not do, and why. */
  readonly rejected: readonly string[];
}

/** Says of every program where it is or would come from. Changes nothing, asks no network. */
export async function describePrograms(world: World = thisWorld()): Promise<readonly ProgramDescription[]> {
  const memo = await Memo.open(world.cache, 'versions');
  const described = await Promise.all(
    allProgramNames.map(async (program): Promise<ProgramDescription> => {
      const found = await locate(program, { cache: world.cache, search: world.search, memo });
      const wanted = wantedText(specOf(program).wanted);
      if (isLocated(found)) {
        const { version, path, from, rejected } = found;
        return { program, wanted, version, source: from, path, state: 'present', rejected };
      }
      const offers = world.sources.map((source) => source.offers(program)).filter((offer) => offer !== null);
      const source = offers.join(', else ');
      return { program, wanted, version: '', source, path: null, state: 'missing', rejected: found.rejected };
    }),
  );
  await memo.save();
  return described;
}
