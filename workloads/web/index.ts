import type { Workload } from '../../harness/model/workload.ts';
import { entryNodes } from '../entry-nodes.ts';
import { buildWebImage, webImage } from './image.ts';
import { nodePort, webManifests } from './manifests.ts';
import { webOptions } from './options.ts';

/** A stateless service over all zones behind a NodePort; every answer says which pod on which node gave it. */
export const web: Workload = {
  name: 'web',
  summary: 'A stateless web service: replicas spread over the zones, a disruption budget, a NodePort',
  images: async (progress, signal) => [await buildWebImage(progress, signal)],
  manifests: (namespace, options) => webManifests(namespace, webOptions(options), webImage()),
  paths: ({ facts }) =>
    entryNodes(facts).map(({ zone, node }) => ({
      name: `nodeport-${zone}`,
      url: `http://${node.address}:${String(nodePort)}/`,
    })),
};
