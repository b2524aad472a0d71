import { createRequire } from 'node:module';

import type * as ClientNode from '@kubernetes/client-node';

import { HarnessError, messageOf } from '../model/errors.ts';

/** Loaded when it is first needed: it brings every type of the API, and most commands never speak to a cluster. */
const clientNode = (): typeof ClientNode =>
  createRequire(import.meta.url)('@kubernetes/client-node') as typeof ClientNode;

/** @throws HarnessError `bad-input` naming a file that cannot be read */
export function readKubeconfig(file: string): ClientNode.KubeConfig {
  const config = new (clientNode().KubeConfig)();
  try {
    config.loadFromFile(file);
  } catch (cause) {
    throw new HarnessError('bad-input', `The kubeconfig ${file} cannot be read: ${messageOf(cause)}`, { cause });
  }
  return config;
}
