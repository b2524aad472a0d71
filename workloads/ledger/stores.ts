import { z } from 'zod';

import type { Attempt, Call } from './attempt.ts';
import type { Job, Target } from './job.ts';
import { base64, configMapsUrl, etcdCall, leasesUrl, plain } from './wire.ts';

/** How a kind of store is written and read. */
export interface Store {
  /** The record's name; unique over all targets of the store. */
  key(target: string, number: number): string;
  write(target: Target, key: string, value: string): Call;
  /** The next page of all records, after what `after` says; undefined for the first. */
  readPage(target: Target, after: string | undefined): Call;
  /** @throws Error when the answer is not such a page */
  parsePage(answer: Attempt): Page;
  /** Delete every record, whoever wrote it, and the keys of the models. */
  clear(target: Target): readonly Call[];
}

export interface Page {
  readonly records: Readonly<Record<string, unknown>>;
  /** What `readPage` is to be given for the next page; undefined after the last. */
  readonly after: string | undefined;
}

/** What marks the ConfigMaps and the Lease that hold records, and begins the keys of etcd that do. */
export const recordLabel = 'shakedown.dev/ledger';
export const recordPrefix = 'ledger/';
/** The first key behind all that begin with the prefix: 0 comes after the slash. */
const afterRecords = 'ledger0';
const pageSize = 500;
const digits = (number: number): string => String(number).padStart(7, '0');

/** One ConfigMap for each record: created, never changed, so that its being there is the acknowledgement kept. */
function configMaps(job: Pick<Job, 'namespace'>): Store {
  const shape = z.object({
    metadata: z.object({ continue: z.string().optional() }),
    items: z
      .array(z.object({ metadata: z.object({ name: z.string() }), data: z.record(z.string(), z.string()).optional() }))
      .nullable(),
  });
  return {
    key: (target, number) => `ledger-${target}-${digits(number)}`,
    write: (target, name, value) => ({
      method: 'POST',
      url: configMapsUrl(target, job),
      body: JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, labels: { [recordLabel]: 'record' } },
        data: { value },
      }),
    }),
    // No resourceVersion: the server must ask etcd's quorum, it may not answer from what it remembers.
    readPage: (target, after) => {
      const query = new URLSearchParams({ labelSelector: recordLabel, limit: String(pageSize) });
      if (after !== undefined) query.set('continue', after);
      return { method: 'GET', url: `${configMapsUrl(target, job)}?${query.toString()}` };
    },
    parsePage: ({ body }) => {
      const { items, metadata } = shape.parse(JSON.parse(body));
      const records = (items ?? []).map((item) => [item.metadata.name, item.data?.['value']] as const);
      return { records: Object.fromEntries(records), after: metadata.continue || undefined };
    },
    clear: (target) => {
      const query = new URLSearchParams({ labelSelector: recordLabel }).toString();
      const collections = [configMapsUrl(target, job), leasesUrl(target, job)];
      return collections.map((url) => ({ method: 'DELETE', url: `${url}?${query}` }));
    },
  };
}

/** One key for each record in an etcd, by its JSON gateway. */
function etcdKeys(): Store {
  const shape = z.object({
    header: z.object({ revision: z.string() }),
    kvs: z.array(z.object({ key: z.string(), value: z.string().default('') })).default([]),
    more: z.boolean().default(false),
  });
  return {
    key: (target, number) => `${recordPrefix}${target}/${digits(number)}`,
    write: (target, key, value) => etcdCall(target, 'put', { key: base64(key), value: base64(value) }),
    readPage: (target, after) =>
      etcdCall(target, 'range', {
        key: base64(after === undefined ? recordPrefix : `${after}\0`),
        range_end: base64(afterRecords),
        limit: pageSize,
      }),
    parsePage: ({ body }) => {
      const { kvs, more } = shape.parse(JSON.parse(body));
      const records = kvs.map(({ key, value }) => [plain(key), plain(value)] as const);
      return { records: Object.fromEntries(records), after: more ? records.at(-1)?.[0] : undefined };
    },
    clear: (target) => [
      etcdCall(target, 'deleterange', { key: base64(recordPrefix), range_end: base64(afterRecords) }),
    ],
  };
}

export function storesOf(job: Pick<Job, 'namespace'>): Readonly<Record<Target['store'], Store>> {
  return { api: configMaps(job), data: etcdKeys() };
}
