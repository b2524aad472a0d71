import type { Workload } from '../../harness/model/workload.ts';
import { startLedger } from './client.ts';
import { buildDataImage } from './image.ts';
import { dataManifests } from './manifests.ts';
import { ledgerOptions } from './options.ts';

/** Uniquely numbered records, written through every API server and into a data service in the cluster, and read back at the end. */
export const ledger: Workload = {
  name: 'ledger',
  summary: 'Numbered records written through every API server and into an etcd in the cluster, and read back',
  images: async (progress, signal) => [await buildDataImage(progress, signal)],
  manifests: (namespace, options) => {
    const { data } = ledgerOptions(options);
    return data === null ? [] : dataManifests(namespace, data);
  },
  paths: () => [],
  client: (context, options) => startLedger(context, ledgerOptions(options)),
};
