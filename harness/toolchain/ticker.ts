import type { Progress } from '../model/cluster.ts';

/** A length of time in few letters, for progress lines: `8s`, `1m20s`. */
export function shortTime(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${String(seconds)}s` : `${String(Math.floor(seconds / 60))}m${String(seconds % 60)}s`;
}

/** A terminal overwrites its line each second; a log gets a line now and then. */
const defaultEveryMs = process.stderr.isTTY ? 1_000 : 10_000;

/** Says at once, and again and again until disposed, what long work is doing and for how long it has. */
export function startTicking(
  progress: Progress,
  line: (soFar: string) => string,
  everyMs: number = defaultEveryMs,
): Disposable {
  const startMs = performance.now();
  const say = (): void => {
    progress(line(shortTime(performance.now() - startMs)));
  };
  say();
  const timer = setInterval(say, everyMs);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
    },
  };
}

/** The same while some work goes on. */
export async function whileTicking<T>(
  progress: Progress,
  line: (soFar: string) => string,
  work: () => Promise<T>,
): Promise<T> {
  const ticking = startTicking(progress, line);
  try {
    return await work();
  } finally {
    ticking[Symbol.dispose]();
  }
}
