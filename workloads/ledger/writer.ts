// A program of its own, run in a place beside the cluster: writes records to every target until SIGTERM, one JSON line a write.
import { clearStore } from './clear.ts';
import { readJob } from './job.ts';
import { credentialsFor } from './kubeconfig.ts';
import { modelLoop } from './model-loop.ts';
import { modelsOf } from './model-stores.ts';
import { storesOf } from './stores.ts';
import { writeLoop } from './write-loop.ts';

const job = readJob(process.argv[2]);
const stores = storesOf(job);
const secureFor = credentialsFor(job);
const ending = new AbortController();
process.on('SIGTERM', () => {
  ending.abort();
});
// Without a reader there is no point in going on: so it ends with the harness, however that ended.
process.stdout.on('error', () => process.exit(1));
const print = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

for (const [kind, store] of Object.entries(stores)) {
  const targets = job.targets.filter((target) => target.store === kind);
  await clearStore(store, targets, secureFor, ending.signal);
}

const startMs = performance.now();
const loops = job.targets.map((target, index) =>
  writeLoop({
    job,
    target,
    store: stores[target.store],
    secure: secureFor(target),
    // The targets take turns within a period.
    firstAtMs: startMs + (index * job.periodMs) / job.targets.length,
    signal: ending.signal,
    written: print,
    skipped: (atWallMs) => {
      print({ skipped: target.name, atWallMs });
    },
  }),
);
const models = job.targets.flatMap((target, index) =>
  modelsOf(target, job).map((model) =>
    modelLoop({
      job,
      model,
      target,
      secure: secureFor(target),
      firstAtMs: startMs + (index * job.modelPeriodMs) / job.targets.length,
      signal: ending.signal,
      operated: print,
    }),
  ),
);
await Promise.all([...loops, ...models]);
