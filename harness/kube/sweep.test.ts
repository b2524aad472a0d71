import { expect } from 'chai';

import { ApiError } from './api-error.ts';
import type { KubeClient, RequestOptions } from './client.ts';
import { deleteLabelled } from './sweep.ts';

const object = (name: string, namespace?: string) => ({
  metadata: { name, ...(namespace === undefined ? {} : { namespace }), uid: name, resourceVersion: '1' },
});
const verbs = ['list', 'delete'];

/** An API of a few collections, which remembers what was deleted and with which label it was asked. */
class FakeApi {
  readonly deleted: string[] = [];
  readonly selectors = new Set<string | undefined>();
  looksAtPods = 0;
  readonly #answers: Readonly<Record<string, unknown>> = {
    '/apis': {
      groups: [
        { preferredVersion: { groupVersion: 'rbac/v1' } },
        { preferredVersion: { groupVersion: 'metrics/v1' } },
        { preferredVersion: { groupVersion: 'gone/v1' } },
      ],
    },
    '/api/v1': {
      resources: [
        { name: 'configmaps', verbs },
        { name: 'configmaps/status', verbs },
        { name: 'bindings', verbs: ['create'] },
        { name: 'namespaces', verbs },
      ],
    },
    '/apis/rbac/v1': { resources: [{ name: 'clusterroles', verbs }] },
    '/apis/metrics/v1': { resources: [{ name: 'pods', verbs: ['list'] }] },
  };

  client(): KubeClient {
    return { request: (path: string, options?: RequestOptions) => this.#request(path, options) } as KubeClient;
  }

  #request(path: string, { method = 'GET', query }: RequestOptions = {}): Promise<unknown> {
    if (method === 'DELETE') {
      this.deleted.push(path);
      return Promise.resolve({ status: { phase: 'Terminating' } });
    }
    if (path === '/api/v1/namespaces/load/pods') {
      this.looksAtPods += 1;
      return Promise.resolve({ items: this.looksAtPods === 1 ? [object('web-1', 'load')] : [] });
    }
    if (this.deleted.includes(path)) return Promise.reject(new ApiError(path, 404, 'NotFound', 'gone'));
    const lists: Readonly<Record<string, readonly object[]>> = {
      '/api/v1/namespaces': [object('load'), object('kept')],
      '/api/v1/configmaps': [object('mine', 'default'), object('other', 'kept')],
      '/apis/rbac/v1/clusterroles': [object('reader')],
    };
    const list = lists[path];
    if (list !== undefined) {
      this.selectors.add(query?.['labelSelector']);
      const items = list.filter(
        (each) => !this.deleted.includes(`${path}/${(each as ReturnType<typeof object>).metadata.name}`),
      );
      return Promise.resolve({ items });
    }
    const answer = this.#answers[path];
    return answer === undefined
      ? Promise.reject(new ApiError(path, 503, 'ServiceUnavailable', 'no server of that group'))
      : Promise.resolve(answer);
  }
}

describe('deleteLabelled', () => {
  it('deletes what carries the label, of every kind that can be, but for the namespace that stays', async () => {
    const api = new FakeApi();
    const deleted = await deleteLabelled(api.client(), 'run=1', AbortSignal.timeout(5_000), 'kept');
    const expected = [
      '/api/v1/namespaces/default/configmaps/mine',
      '/apis/rbac/v1/clusterroles/reader',
      // Last, and after a look at its pods.
      '/api/v1/namespaces/load',
    ];
    expect(deleted).to.deep.equal(expected);
    expect(api.deleted).to.deep.equal(expected);
    expect(api.looksAtPods).to.equal(2);
    expect([...api.selectors]).to.deep.equal(['run=1']);
  });

  it('does not hide that the API failed', async () => {
    const broken = { request: () => Promise.reject(new ApiError('GET', 500, '', 'broken')) } as unknown as KubeClient;
    const error = await deleteLabelled(broken, 'run=1', AbortSignal.timeout(5_000)).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ApiError).with.property('status', 500);
  });
});
