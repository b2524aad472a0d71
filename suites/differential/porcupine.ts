import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { OpEvent } from '../../harness/model/history.ts';
import { exec } from '../../harness/util/exec.ts';

const source = join(import.meta.dirname, '../../harness/guarantees/linearizability/porcupine');

export interface PorcupineAnswer {
  readonly status: 'linearizable' | 'illegal' | 'unknown';
  readonly tookMs: number;
}

/** The checker of github.com/anishathalye/porcupine as a program, built from its pinned Go module. */
export class Porcupine implements AsyncDisposable {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** @throws HarnessError `not-here` without Go, `command-failed` when the module cannot be fetched or built */
  static async build(signal?: AbortSignal): Promise<Porcupine> {
    const directory = await mkdtemp(join(tmpdir(), 'porcupine-'));
    try {
      await exec(['go', 'build', '-o', join(directory, 'porcupine'), '.'], {
        cwd: source,
        env: { CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '-mod=readonly -buildvcs=false' },
        timeoutMs: 300_000,
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      await rm(directory, { recursive: true });
      throw error;
    }
    return new Porcupine(directory);
  }

  /** @param limit how long each history may take, as Go writes it: `30s` */
  async judge(histories: readonly (readonly OpEvent[])[], limit = '60s'): Promise<readonly PorcupineAnswer[]> {
    const input = histories.map((history) => `${JSON.stringify(history)}\n`).join('');
    const { stdout } = await exec([join(this.#directory, 'porcupine'), '-limit', limit], { input });
    return stdout.split('\n').map((line) => JSON.parse(line) as PorcupineAnswer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}
