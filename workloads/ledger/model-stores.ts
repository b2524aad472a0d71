import { z } from 'zod';

import type { Json } from '../../harness/model/json.ts';
import type { Attempt, Call } from './attempt.ts';
import type { Job, ModelName, Target } from './job.ts';
import { classify, type Classified } from './outcome.ts';
import { recordLabel, recordPrefix } from './stores.ts';
import { base64, configMapsUrl, etcdCall, leasesUrl, plain } from './wire.ts';

/** What one key of a model holds, and the version by which nobody else's change goes unnoticed; null for absent. */
export interface Held {
  readonly value: Json;
  readonly version: string | null;
}

/** How the one key of a model is read, and swapped for another value if it is still as it was read. */
export interface ModelStore {
  readonly key: string;
  read(target: Target): Call;
  /** @returns what is there, or null when the answer does not say */
  held(answer: Attempt): Held | null;
  swap(target: Target, held: Held, value: Json): Call;
  outcome(answer: Attempt, held: Held): Classified;
}

/** The word in the names of the models' keys: nothing else is called that. */
const word = 'model';
/** The value of a key as the readers found it: that of a model's key is JSON. */
export const isModelKey = (key: string): boolean =>
  key.startsWith(`ledger-${word}-`) || key.startsWith(`ledger/${word}/`);

const json = (text: string): Json => JSON.parse(text) as Json;

/** How an object of the API holds the value of a model. */
interface Holder {
  readonly apiVersion: string;
  readonly kind: 'ConfigMap' | 'Lease';
  readonly url: (target: Target, job: Pick<Job, 'namespace'>) => string;
  /** The fields of the object that hold the value. */
  put(value: Json): Readonly<Record<string, Json>>;
  /** @throws Error when the object holds none */
  get(object: unknown): Json;
}

const configMap: Holder = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  url: configMapsUrl,
  put: (value) => ({ data: { value: JSON.stringify(value) } }),
  get: (object) => json(z.object({ data: z.object({ value: z.string() }) }).parse(object).data.value),
};

/** A Lease as the leaders of Kubernetes hold one: its value is who holds it. */
const lease: Holder = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  url: leasesUrl,
  put: (value) => ({ spec: { holderIdentity: value } }),
  get: (object) => z.object({ spec: z.object({ holderIdentity: z.string() }) }).parse(object).spec.holderIdentity,
};

const versioned = z.object({ metadata: z.object({ resourceVersion: z.string() }) });

function inApi(model: ModelName, job: Pick<Job, 'namespace'>, { apiVersion, kind, ...holder }: Holder): ModelStore {
  const key = `ledger-${word}-${model}`;
  return {
    key,
    // No resourceVersion: the server must ask etcd's quorum, it may not answer from what it remembers.
    read: (target) => ({ method: 'GET', url: `${holder.url(target, job)}/${key}` }),
    held: ({ status, body, error }) => {
      if (error !== null) return null;
      if (status === 404) return { value: null, version: null };
      if (status !== 200) return null;
      try {
        const object: unknown = json(body);
        return { value: holder.get(object), version: versioned.parse(object).metadata.resourceVersion };
      } catch {
        return null;
      }
    },
    swap: (target, { version }, value) => ({
      method: version === null ? 'POST' : 'PUT',
      url: version === null ? holder.url(target, job) : `${holder.url(target, job)}/${key}`,
      body: JSON.stringify({
        apiVersion,
        kind,
        metadata: {
          name: key,
          labels: { [recordLabel]: 'record' },
          ...(version === null ? {} : { resourceVersion: version }),
        },
        ...holder.put(value),
      }),
    }),
    outcome: (answer, { version }) => classify('api', answer, version === null ? 201 : 200, kind),
  };
}

function inEtcd(model: ModelName): ModelStore {
  const key = `${recordPrefix}${word}/${model}`;
  const range = z.object({
    header: z.object({ revision: z.string() }),
    kvs: z.array(z.object({ value: z.string(), mod_revision: z.string() })).default([]),
  });
  return {
    key,
    read: (target) => etcdCall(target, 'range', { key: base64(key) }),
    held: ({ status, body, error }) => {
      const found = range.safeParse(error === null && status === 200 ? json(body) : null);
      if (!found.success) return null;
      const [kv] = found.data.kvs;
      return kv === undefined
        ? { value: null, version: null }
        : { value: json(plain(kv.value)), version: kv.mod_revision };
    },
    // A key that is not there has the revision 0.
    swap: (target, { version }, value) =>
      etcdCall(target, 'txn', {
        compare: [{ key: base64(key), target: 'MOD', mod_revision: version ?? '0' }],
        success: [{ request_put: { key: base64(key), value: base64(JSON.stringify(value)) } }],
      }),
    outcome: (answer) => {
      const classified = classify('data', answer);
      if (classified.outcome !== 'ok') return classified;
      const { succeeded } = z.object({ succeeded: z.boolean().default(false) }).parse(json(answer.body));
      return succeeded ? classified : { outcome: 'failed', error: 'changed-meanwhile' };
    },
  };
}

/** Where a model's key is, in the store that a target leads to. */
export const modelStore = (model: ModelName, { store }: Target, job: Pick<Job, 'namespace'>): ModelStore =>
  store === 'api' ? inApi(model, job, model === 'lease' ? lease : configMap) : inEtcd(model);

/** The models that are kept where a target leads to: Leases are the API's alone. */
export const modelsOf = ({ store }: Target, { models }: Pick<Job, 'models'>): readonly ModelName[] =>
  models.filter((model) => model !== 'lease' || store === 'api');
