import { FakeAnswer, type Call } from './fake-api.ts';
import type { Answer } from './fake-shell.ts';

const pods = '/api/v1/namespaces/default/pods';
const config = {
  cniVersion: '0.4.0',
  name: 'pods',
  plugins: [{ type: 'ptp', ipam: { type: 'host-local', ranges: [[{ subnet: '10.1.0.0/24' }]] } }],
};

/** The addresses of the pods on each node, as host-local keeps them, and the pods that ask for one to try. */
export class FakeAddresses {
  deaf = false;
  readonly #taken = new Set<string>();
  readonly #nodeOf = new Map<string, string>();

  changes(): readonly string[] {
    const left = [...this.#nodeOf.keys()].map((name) => `the pod ${name} is left`);
    return [...[...this.#taken].map((node) => `the addresses of ${node} are taken`), ...left];
  }

  /** Undefined for what is no business of the addresses. */
  answer(node: string, command: string): Answer | undefined {
    if (command.includes('/etc/cni/net.d')) return JSON.stringify(config);
    if (!command.includes('/var/lib/cni/networks/pods')) return undefined;
    if (command.includes('xargs')) this.#taken.delete(node);
    else if (command.includes('set -C') && !this.deaf) this.#taken.add(node);
    return this.#taken.has(node) ? '250 254' : '0 4';
  }

  /** Undefined for what is no business of the trial pods. */
  answerApi(path: string, { method, body, query }: Call): unknown {
    if (path === pods && method === 'POST') return this.#make(body);
    if (path === '/api/v1/namespaces/default/events') return this.#events(query.get('fieldSelector') ?? '');
    const name = path.startsWith(`${pods}/`) ? path.slice(pods.length + 1) : '';
    const node = this.#nodeOf.get(name);
    if (node === undefined) return undefined;
    if (method === 'DELETE') this.#nodeOf.delete(name);
    return { metadata: { name }, status: this.#taken.has(node) ? {} : { podIP: '10.1.0.99' } };
  }

  #make(body: unknown): unknown {
    const { metadata, spec } = body as {
      readonly metadata: { readonly name: string };
      readonly spec: { nodeName: string };
    };
    if (this.#nodeOf.has(metadata.name)) return new FakeAnswer(409, { kind: 'Status', reason: 'AlreadyExists' });
    this.#nodeOf.set(metadata.name, spec.nodeName);
    return body;
  }

  #events(selector: string): unknown {
    const name = /involvedObject\.name=([^,]+)/.exec(selector)?.[1] ?? '';
    const refused = this.#taken.has(this.#nodeOf.get(name) ?? '');
    return { items: refused ? [{ message: 'failed to allocate: no IP addresses available in range set' }] : [] };
  }
}
