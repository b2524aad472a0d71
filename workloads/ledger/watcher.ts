// A program of its own, run in a place beside the cluster: watches the records through every API target until SIGTERM, one JSON line an event.
import { readJob } from './job.ts';
import { credentialsFor } from './kubeconfig.ts';
import { watchLoop } from './watch-loop.ts';

const job = readJob(process.argv[2]);
const secureFor = credentialsFor(job);
const ending = new AbortController();
process.on('SIGTERM', () => {
  ending.abort();
});
// Without a reader there is no point in going on: so it ends with the harness, however that ended.
process.stdout.on('error', () => process.exit(1));

await Promise.all(
  job.targets
    .filter(({ store }) => store === 'api')
    .map((target) =>
      watchLoop({
        target,
        namespace: job.namespace,
        secure: secureFor(target),
        signal: ending.signal,
        told: (line) => void process.stdout.write(`${JSON.stringify(line)}\n`),
      }),
    ),
);
