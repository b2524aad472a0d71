import type { Call } from './attempt.ts';
import type { Job, Target } from './job.ts';

/** The collection of ConfigMaps that the records are in. */
export const configMapsUrl = ({ url }: Target, { namespace }: Pick<Job, 'namespace'>): string =>
  `${url}/api/v1/namespaces/${namespace}/configmaps`;

/** The collection of Leases, of which one is a register. */
export const leasesUrl = ({ url }: Target, { namespace }: Pick<Job, 'namespace'>): string =>
  `${url}/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;

/** etcd's JSON gateway takes and gives keys and values in base64: https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/ */
export const base64 = (text: string): string => Buffer.from(text).toString('base64');
export const plain = (text: string): string => Buffer.from(text, 'base64').toString();

/** A call of etcd's key-value service: `put`, `range`, `deleterange` or `txn`. */
export const etcdCall = ({ url }: Target, path: string, body: unknown): Call => ({
  method: 'POST',
  url: `${url}/v3/kv/${path}`,
  body: JSON.stringify(body),
});
