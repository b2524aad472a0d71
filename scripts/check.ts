import { stopOnSignals } from '../harness/util/stop-on-signals.ts';
import { runChecks } from './checks.ts';
import { lastLine } from './tally.ts';

// `npm run check`: everything that needs no cluster. The same checks open `npm test`.
const stop = stopOnSignals((line) => {
  console.log(`\n${line}`);
});
const tally = await runChecks(stop.signal);
console.log(stop.signal.aborted ? 'Interrupted.' : lastLine(tally));
process.exitCode = tally.failed === 0 && !stop.signal.aborted ? 0 : 1;
