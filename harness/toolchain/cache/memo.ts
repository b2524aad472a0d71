import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { z } from 'zod';

import { makeCacheFolder } from './directory.ts';
import { sameStamp, stampOf, type FileStamp } from './file-stamp.ts';
import { processMark } from './process-mark.ts';

const memoSchema = z.record(z.string(), z.object({ size: z.number(), mtimeMs: z.number(), value: z.string() }));

/**
 * Remembers a fact about files (a version, a checksum) for as long as their size and time stay the same,
 * so that a second start need not run or read them. A damaged memo is an empty one: it only costs time.
 */
export class Memo {
  readonly #file: string;
  readonly #known: Map<string, FileStamp & { readonly value: string }>;
  #changed = false;

  private constructor(file: string, known: z.infer<typeof memoSchema>) {
    this.#file = file;
    this.#known = new Map(Object.entries(known));
  }

  static async open(cache: string, name: string): Promise<Memo> {
    const file = join(cache, `${name}.json`);
    try {
      const parsed = memoSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
      return new Memo(file, parsed.success ? parsed.data : {});
    } catch {
      return new Memo(file, {});
    }
  }

  /** The fact of that file: remembered, or looked up and remembered unless it is null. @param key tells apart facts about one file */
  async about<T extends string | null>(path: string, key: string, look: () => Promise<T>): Promise<T | string> {
    const stamp = await stampOf(path);
    const known = this.#known.get(`${key} ${path}`);
    if (stamp && known && sameStamp(stamp, known)) return known.value;
    const value = await look();
    if (stamp && value !== null) {
      this.#known.set(`${key} ${path}`, { ...stamp, value });
      this.#changed = true;
    }
    return value;
  }

  /** Writes what was learnt. Of two processes that save at once the later one wins; the other's facts are looked up again. */
  async save(): Promise<void> {
    if (!this.#changed) return;
    await makeCacheFolder(dirname(this.#file));
    const beside = `${this.#file}.${processMark()}`;
    await writeFile(beside, JSON.stringify(Object.fromEntries(this.#known), null, 1));
    await rename(beside, this.#file);
    this.#changed = false;
  }
}
