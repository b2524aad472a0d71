import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { World } from '../ensure.ts';
import type { ProgramName } from '../programs.ts';
import type { Obtained, ObtainContext, Source } from '../sources/source.ts';

/** Writes a shell script that prints a text whatever it is asked, and counts in a file how often it ran. */
export async function writeProgram(path: string, output: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\necho x >> '${path}.runs'\nprintf '%s\\n' '${output}'\n`);
  await chmod(path, 0o755);
  return path;
}

/** A source that gives scripts instead of programs. */
export class FakeSource implements Source {
  readonly kind: Source['kind'];
  readonly asked: string[] = [];
  readonly #outputs: Readonly<Partial<Record<ProgramName, string>>>;
  readonly #before: (context: ObtainContext) => Promise<void>;

  /** @param outputs what the program of that name prints */
  constructor(
    kind: Source['kind'],
    outputs: Readonly<Partial<Record<ProgramName, string>>>,
    before: (context: ObtainContext) => Promise<void> = () => Promise.resolve(),
  ) {
    this.kind = kind;
    this.#outputs = outputs;
    this.#before = before;
  }

  offers(name: ProgramName): string | null {
    return this.#outputs[name] === undefined ? null : `fake ${this.kind}`;
  }

  async obtain(names: readonly ProgramName[], context: ObtainContext): Promise<ReadonlyMap<ProgramName, Obtained>> {
    this.asked.push(...names);
    const got = new Map<ProgramName, Obtained>();
    for (const name of names) {
      const file = await writeProgram(join(context.workspace, name), this.#outputs[name] ?? '');
      await this.#before(context);
      got.set(name, { file, from: `fake ${this.kind}` });
    }
    return got;
  }
}

/** A cache, a PATH of one folder, and sources of its own, in a temporary folder. */
export class FakeWorld implements World, AsyncDisposable {
  readonly root: string;
  readonly cache: string;
  readonly bin: string;
  readonly sources: readonly Source[];

  private constructor(root: string, sources: readonly Source[]) {
    this.root = root;
    this.cache = join(root, 'cache');
    this.bin = join(root, 'bin');
    this.sources = sources;
  }

  static async make(...sources: readonly Source[]): Promise<FakeWorld> {
    const world = new FakeWorld(await mkdtemp(join(tmpdir(), 'shakedown-toolchain-')), sources);
    await mkdir(world.bin);
    return world;
  }

  get search(): World['search'] {
    return { programs: [this.bin], plugins: [join(this.root, 'cni')] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}
