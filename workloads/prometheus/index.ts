import { z } from 'zod';

import type { Workload } from '../../harness/model/workload.ts';
import { parseOptions } from '../options.ts';
import { buildPrometheusImage, prometheusImage } from './image.ts';
import { prometheusManifests } from './manifests.ts';

const none = z.strictObject({});

/** Somebody who watches `web` as a platform's monitoring does, so that a run can ask which alerts fire. */
export const prometheus: Workload = {
  name: 'prometheus',
  summary:
    'A Prometheus that looks at every pod of web and raises the alert TargetDown, for the alerts of clean-return',
  images: async (progress, signal) => [await buildPrometheusImage(progress, signal)],
  manifests: (namespace, options) => {
    parseOptions('prometheus', none, options);
    return prometheusManifests(namespace, prometheusImage);
  },
  // The load is for what it watches.
  paths: () => [],
};
