import type { RunObserver } from '../run/index.ts';
import { stopOnSignals } from '../util/stop-on-signals.ts';
import { processTerminal } from './terminal.ts';

export interface Session {
  readonly observer: RunObserver;
  readonly signal: AbortSignal;
}

/** Does long work under a live status line, stoppable by Ctrl-C. */
export async function inSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
  using observer = processTerminal();
  using stop = stopOnSignals((line) => {
    observer.note(line);
  });
  return await work({ observer, signal: stop.signal });
}
