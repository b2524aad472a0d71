// A program of its own, run in a place beside the cluster: reads all records through every target, one JSON line a target.
import { Client } from './attempt.ts';
import { readJob, wallMs, type Found, type Job, type Target } from './job.ts';
import { credentialsFor, type Credentials } from './kubeconfig.ts';
import { modelsOf, modelStore } from './model-stores.ts';
import { storesOf, type Store } from './stores.ts';

/** A page takes longer than a write. */
const pageTimeoutMs = 10_000;
/** Of 500 records each: a run that writes more has other problems. */
const maxPages = 2_000;

async function readAll(target: Target, store: Store, secure: Credentials | null): Promise<Found> {
  const startWallMs = wallMs();
  const client = new Client(`${target.name}-reader`, secure);
  const records: Record<string, unknown> = {};
  const found = (rest: Pick<Found, 'records' | 'error'>): Found => ({
    target: target.name,
    startWallMs,
    endWallMs: wallMs(),
    ...rest,
  });
  try {
    let after: string | undefined;
    for (let pages = 0; pages < maxPages; pages += 1) {
      const answer = await client.call(store.readPage(target, after), pageTimeoutMs);
      if (answer.error !== null) return found({ error: answer.error });
      if (answer.status !== 200) return found({ error: `http-${String(answer.status)} ${answer.body.slice(0, 200)}` });
      const page = store.parsePage(answer);
      Object.assign(records, page.records);
      after = page.after;
      if (after === undefined) return found(await withLease(target, client, records));
    }
    return found({ error: `more than ${String(maxPages)} pages` });
  } catch (error) {
    return found({ error: `not a page of records: ${String(error).slice(0, 200)}` });
  } finally {
    client.close();
  }
}

/** The Lease is in none of the pages. */
async function withLease(
  target: Target,
  client: Client,
  records: Readonly<Record<string, unknown>>,
): Promise<Pick<Found, 'records' | 'error'>> {
  if (!modelsOf(target, job).includes('lease')) return { records };
  const lease = modelStore('lease', target, job);
  const answer = await client.call(lease.read(target), pageTimeoutMs);
  const held = lease.held(answer);
  if (held === null) return { error: answer.error ?? `http-${String(answer.status)} ${answer.body.slice(0, 200)}` };
  return { records: held.value === null ? records : { ...records, [lease.key]: JSON.stringify(held.value) } };
}

const job: Job = readJob(process.argv[2]);
const stores = storesOf(job);
const secureFor = credentialsFor(job);
for (const target of job.targets) {
  const line = await readAll(target, stores[target.store], secureFor(target));
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
