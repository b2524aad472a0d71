import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { exec } from '../../util/exec.ts';
import { stampOf } from '../cache/file-stamp.ts';
import { demandRoom } from '../disk.ts';
import { specOf, type ProgramName } from '../programs.ts';
import { shortTime, whileTicking } from '../ticker.ts';
import { buildEnvironment, findGo, type Go } from './go-environment.ts';
import { goFailure } from './go-failure.ts';
import { goModules, modulesFolder, type GoModule, type ModuleName } from './go-modules.ts';
import type { Obtained, ObtainContext, Source } from './source.ts';

/** Where the module's source is already fetched, only compiling and linking are left. */
const fetchedGib = 1.5;

/** Go modules pinned in modules/: all wanted programs of one module come from one `go build`. */
export class ModuleSource implements Source {
  readonly kind = 'module';

  offers(name: ProgramName): string | null {
    const { module } = specOf(name);
    if (!module) return null;
    const { pinned }: GoModule = goModules[module.module];
    return pinned ? `Go module ${pinned.path}@${pinned.version}` : `source in modules/${module.module}`;
  }

  async obtain(names: readonly ProgramName[], context: ObtainContext): Promise<ReadonlyMap<ProgramName, Obtained>> {
    const go = await findGo(names.join(', '), context.signal);
    const built = new Map<ProgramName, Obtained>();
    for (const [module, group] of groups(names)) {
      const folder = await buildModule(go, module, group, context);
      for (const name of group) {
        const file = join(folder, specOf(name).module?.built ?? name);
        built.set(name, { file, from: this.offers(name) ?? module });
      }
    }
    return built;
  }
}

function groups(names: readonly ProgramName[]): ReadonlyMap<ModuleName, readonly ProgramName[]> {
  const byModule = new Map<ModuleName, ProgramName[]>();
  for (const name of names) {
    const module = specOf(name).module?.module;
    if (module) byModule.set(module, [...(byModule.get(module) ?? []), name]);
  }
  return byModule;
}

/** @returns the folder with the programs */
async function buildModule(
  go: Go,
  module: ModuleName,
  names: readonly ProgramName[],
  { workspace, cache, progress, signal }: ObtainContext,
): Promise<string> {
  const { pinned, aboutSeconds, coldGib, stamps }: GoModule = goModules[module];
  const what = `${names.join(', ')}${pinned ? ` ${pinned.version}` : ''}`;
  const fetched = pinned === null || (await stampOf(join(go.moduleCache, `${pinned.path}@${pinned.version}`))) !== null;
  const bytes = Math.min(coldGib, fetched ? fetchedGib : coldGib) * 1024 ** 3;
  await demandRoom(`Building ${what}`, bytes, [go.buildCache, go.moduleCache, cache]);

  const output = join(workspace, module);
  const temporary = join(workspace, `${module}-tmp`);
  await mkdir(output);
  await mkdir(temporary);
  const cwd = join(modulesFolder, module);
  const env = buildEnvironment(temporary);
  const line = (soFar: string): string => {
    const about = `about ${shortTime(aboutSeconds * 1_000)} on 2 cores when nothing is cached`;
    return `building ${what} from Go modules (${about}; ${soFar} so far)`;
  };
  await whileTicking(progress, line, async () => {
    const call = { cwd, env, signal, what };
    const time = pinned ? await publicationTime(go, pinned.path, call) : '';
    const linker = ['-s', '-w', ...stamps(time).map((stamp) => `-X ${stamp}`)].join(' ');
    const packages = names.map((name) => specOf(name).module?.package).filter((name) => name !== undefined);
    await runGo(go, ['build', '-trimpath', '-ldflags', linker, '-o', `${output}/`, ...packages], call);
  });
  return output;
}

interface GoCall {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly what: string;
}

/** When the pinned version was made, as the module's origin tells: the nearest thing to a build date that stays the same. */
async function publicationTime(go: Go, path: string, call: GoCall): Promise<string> {
  const stdout = await runGo(go, ['list', '-m', '-json', path], call);
  return z.object({ Time: z.string().default('') }).parse(JSON.parse(stdout)).Time;
}

async function runGo(go: Go, argv: readonly string[], { cwd, env, signal, what }: GoCall): Promise<string> {
  const ended = await exec([go.path, ...argv], { cwd, env, signal, allowFailure: true });
  signal.throwIfAborted();
  if (ended.exitCode !== 0) throw goFailure(ended.stderr || ended.stdout, what);
  return ended.stdout;
}
