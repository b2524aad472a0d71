import { z } from 'zod';

import type { Workload } from '../../harness/model/workload.ts';
import { parseOptions } from '../options.ts';
import { buildWebImage, webImage } from '../web/image.ts';
import { Arrivals } from './client.ts';

const schema = z.strictObject({
  /** Between two of them, from the moment in which the load is steady. */
  everyMs: z.int().min(500).max(60_000).default(6_000),
  /** How many there are, Deployments and Jobs in turn. */
  count: z.int().min(1).max(100).default(12),
  /** How many pods each wants. */
  replicas: z.int().min(1).max(10).default(2),
});

/** Work that comes in while the faults last: what is asked for in a gap must be done after it, and once. */
export const arrivals: Workload = {
  name: 'arrivals',
  summary: 'New Deployments and Jobs at a steady pace, each of which wants so many pods and no more',
  images: async (progress, signal) => [await buildWebImage(progress, signal)],
  manifests: (_, options) => {
    parseOptions('arrivals', schema, options);
    return [];
  },
  paths: () => [],
  client: (context, options) =>
    Promise.resolve(new Arrivals(context, { ...parseOptions('arrivals', schema, options), image: webImage() })),
};
