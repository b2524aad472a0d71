import type { Call } from './fake-api.ts';
import type { Answer } from './fake-shell.ts';

const services = '/api/v1/namespaces/default/services';
const slices = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';

/** Services that are laid for a trial, and which of them each node has written rules for. */
export class FakeServices {
  /** As where something else than kube-proxy writes the rules. */
  writtenByOthers = false;
  readonly #addressOf = new Map<string, string>();
  readonly #slices = new Set<string>();
  readonly #programmed = new Map<string, ReadonlySet<string>>();
  #next = 200;

  changes(): readonly string[] {
    const kinds = [...this.#addressOf.keys()].map((name) => `the Service ${name} is left`);
    return [...kinds, ...[...this.#slices].map((name) => `the EndpointSlice ${name} is left`)];
  }

  /** A connection to such a Service. A node whose kube-proxy runs knows what there is; another knows what there was. */
  answer(node: string, command: string, follows: boolean): Answer | undefined {
    const [, address] = /\/dev\/tcp\/(10\.96\.1\.\d+)\//.exec(command) ?? [];
    if (address === undefined) return undefined;
    if (follows || this.writtenByOthers) this.#programmed.set(node, new Set(this.#addressOf.values()));
    return this.#programmed.get(node)?.has(address) === true ? '' : { exitCode: 124 };
  }

  answerApi(path: string, { method, body }: Call): unknown {
    const name = path.split('/').at(-1) ?? '';
    if (path === `${slices}/kubernetes`)
      return { addressType: 'IPv4', ports: [{ port: 6_443 }], endpoints: [{ addresses: ['10.0.0.11'] }] };
    if (path === slices && method === 'POST') {
      this.#slices.add(metadataOf(body).name);
      return body;
    }
    if (path === services && method === 'POST') {
      const clusterIP = `10.96.1.${String((this.#next += 1))}`;
      this.#addressOf.set(metadataOf(body).name, clusterIP);
      return { spec: { clusterIP } };
    }
    if (method !== 'DELETE') return undefined;
    const known = path.startsWith(`${slices}/`) ? this.#slices : this.#addressOf;
    return known.delete(name) ? {} : undefined;
  }
}

const metadataOf = (body: unknown): { readonly name: string } =>
  (body as { readonly metadata: { readonly name: string } }).metadata;
