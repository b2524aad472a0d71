import { HarnessError } from '../model/errors.ts';
import { exitCode } from '../model/verdict.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What the listener needs of a process: replaced in tests. */
export interface Interruptible {
  on(name: string, listener: () => void): unknown;
  off(name: string, listener: () => void): unknown;
  exit(code: number): void;
}

export interface Stop extends Disposable {
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP with an `interrupted` error. */
  readonly signal: AbortSignal;
}

/** One Ctrl-C may arrive twice, from the terminal and from an npm in between that passes it on: within this it is one. */
const samePressMs = 1_000;

/**
 * Lets the first interruption stop the work, which then heals and reports, and the second end the process at once.
 * @param say prints one line to the user
 */
export function stopOnSignals(
  say: (line: string) => void,
  host: Interruptible = process,
  now: () => number = () => performance.now(),
): Stop {
  const controller = new AbortController();
  let firstMs = Infinity;
  const listen = (): void => {
    if (controller.signal.aborted) {
      if (now() - firstMs < samePressMs) return;
      say('Left at once. Whatever was broken may still be: `shakedown heal` puts it right.');
      host.exit(exitCode('harness-error'));
      return;
    }
    say('Stopping: healing what was broken, then reporting. Interrupt again to leave at once.');
    firstMs = now();
    controller.abort(new HarnessError('interrupted', 'The user stopped the run'));
  };
  for (const name of signals) host.on(name, listen);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of signals) host.off(name, listen);
    },
  };
}
