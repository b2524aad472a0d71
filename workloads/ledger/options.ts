import { z } from 'zod';

import type { Json } from '../../harness/model/json.ts';
import { parseOptions } from '../options.ts';

const dataSchema = z.strictObject({
  replicas: z.union([z.literal(1), z.literal(3), z.literal(5)]).default(3),
  /**
   * Where each member keeps its records: `hostPath` stays with the node, `emptyDir` lives and dies with the pod, `memory` dies
   * with the pod and with the power of its node. A member whose records are gone does not come back by itself: etcd wants it
   * removed and added first, which nobody does here.
   */
  storage: z.enum(['emptyDir', 'hostPath', 'memory']).default('emptyDir'),
  /** Without fsync etcd acknowledges what a power cut of a real machine may take back. */
  fsync: z.boolean().default(true),
  /** How long a member stays bound to a node that is not ready or unreachable; null keeps what the cluster sets. */
  tolerationSeconds: z.int().min(0).nullable().default(null),
  /** Binds all members to the node of that name; null spreads them over the zones. */
  node: z.string().min(1).nullable().default(null),
});

const schema = z.strictObject({
  /** Between two writes to one target. */
  periodMs: z.int().min(10).max(10_000).default(100),
  /** A write without an answer after this time has an unknown outcome. */
  timeoutMs: z.int().min(100).max(60_000).default(3_000),
  /**
   * Keys that all targets of a store change together, by compare-and-swap: a `register` for `linearizable`, a `set` for
   * `set-complete`, a list for `append-order`. A `lease` is a register as well, in the holder of a Lease of the API: who swaps it
   * takes the lease, and two who took it from the same holder are two writers. None by default: each is a client and a write a
   * second more at every target.
   */
  models: z.array(z.enum(['register', 'set', 'append', 'lease'])).default([]),
  modelPeriodMs: z.int().min(100).max(60_000).default(1_000),
  /** Whether records are written through the API: each server, and the highly available endpoint. */
  api: z.boolean().default(true),
  /**
   * Whether a client watches the ConfigMaps of the records through each API server and the highly available endpoint, for
   * `watch-order`. Not by default: each is told of every write through any target.
   */
  watches: z.boolean().default(false),
  /** The data service inside the cluster, an etcd of its own; null for none. */
  data: dataSchema.nullable().prefault({}),
});

export type DataOptions = z.infer<typeof dataSchema>;
export type LedgerOptions = z.infer<typeof schema>;

/** @throws HarnessError `bad-input` naming the field */
export function ledgerOptions(given: Readonly<Record<string, Json>>): LedgerOptions {
  return parseOptions('ledger', schema, given);
}
