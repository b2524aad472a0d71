import { z } from 'zod';

import type { Manifest, Workload } from '../../harness/model/workload.ts';
import { entryNodes } from '../entry-nodes.ts';
import { parseOptions } from '../options.ts';
import { buildWebImage, webImage } from '../web/image.ts';
import { webManifests } from '../web/manifests.ts';
import { webOptions } from '../web/options.ts';

/** Beside the namespace of the run, in which everything else lives. */
const namespace = 'shakedown-neighbour';
/** Another one than that of `web`: node ports belong to the whole cluster. */
const nodePort = 30_081;

const schema = z.strictObject({
  replicas: z.int().min(1).max(50).default(3),
});

/** What `web` is, in a namespace of its own: another team on the same cluster, who should not notice what is done to the first. */
export const neighbour: Workload = {
  name: 'neighbour',
  summary: "Another team's web service in a namespace of its own, for blast-radius by namespace",
  images: async (progress, signal) => [await buildWebImage(progress, signal)],
  manifests: (_, options) => {
    const { replicas } = parseOptions('neighbour', schema, options);
    const made: Manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
    return [made, ...webManifests(namespace, webOptions({ replicas, minAvailable: null }), webImage(), nodePort)];
  },
  // The namespace of a path stands before its slash.
  paths: ({ facts }) =>
    entryNodes(facts).map(({ zone, node }) => ({
      name: `${namespace}/nodeport-${zone}`,
      url: `http://${node.address}:${String(nodePort)}/`,
    })),
};
