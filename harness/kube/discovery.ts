import { HarnessError } from '../model/errors.ts';
import type { KubeClient } from './client.ts';

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Finds the paths of kinds by asking the server, once for each group and version. */
export class Discovery {
  readonly #client: KubeClient;
  readonly #resources = new Map<string, readonly Resource[]>();

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** The collection's path for objects of that kind. @throws HarnessError `unknown-name` when the server has no such kind */
  async collection(apiVersion: string, kind: string, namespace: string, signal: AbortSignal): Promise<string> {
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    let resources = this.#resources.get(apiVersion);
    if (resources === undefined) {
      const answer = (await this.#client.request(root, { signal })) as { readonly resources: readonly Resource[] };
      resources = answer.resources.filter(({ name }) => !name.includes('/'));
      this.#resources.set(apiVersion, resources);
    }
    const found = resources.find((resource) => resource.kind === kind);
    if (found === undefined) {
      throw new HarnessError('unknown-name', `The cluster knows no kind ${kind} in ${apiVersion}`);
    }
    return found.namespaced ? `${root}/namespaces/${namespace}/${found.name}` : `${root}/${found.name}`;
  }
}
