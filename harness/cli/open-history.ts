import { historyFile, HistoryStore, importRuns } from '../history/index.ts';
import { runsDirectory } from '../util/paths.ts';

/** The stored runs, with what was run since. A run that cannot be read is told on standard error, and the others are used. */
export function openHistory(): HistoryStore {
  const directory = runsDirectory();
  const store = new HistoryStore(historyFile(directory));
  try {
    const { leftOut } = importRuns(store, directory);
    for (const sentence of leftOut) process.stderr.write(`left out: ${sentence}\n`);
  } catch (error) {
    store[Symbol.dispose]();
    throw error;
  }
  return store;
}
