import { FakeAnswer, type Call } from './fake-api.ts';
import type { Answer } from './fake-shell.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const mebi = 1_048_576;

/** The databases of etcd's members under their quota, and what becomes of the API's writes. */
export class FakeSpace {
  deaf = false;
  quotaMiB = 128;
  #keys = 0;
  #alarm = false;
  readonly #maps = new Set<string>();

  changes(): readonly string[] {
    return [
      ...(this.#keys > 0 ? ['etcd has keys of ours'] : []),
      ...(this.#alarm ? ['etcd has an alarm'] : []),
      ...[...this.#maps].map((name) => `the ConfigMap ${name} is left`),
    ];
  }

  /** Undefined for what is no business of the space. */
  answer(command: string): Answer | undefined {
    if (command.includes('SHAKEDOWN_FILL') && command.includes('ctl put')) this.#fill();
    else if (command.includes('SHAKEDOWN_FILL')) this.#empty();
    else if (command.includes('etcd_mvcc_db_total_size_in_bytes')) return this.#metrics();
    else if (command.endsWith('alarm list')) return this.#alarm ? 'memberID:17 alarm:NOSPACE' : '';
    else if (command.includes('--count-only')) return `"Count" : ${String(this.#keys)}`;
    else return undefined;
    return '';
  }

  answerApi(path: string, { method, body }: Call): unknown {
    if (path === maps && method === 'POST') return this.#write(body);
    if (path === '/api/v1/namespaces' && method === 'GET') return { items: [] };
    if (path.startsWith(`${maps}/`) && method === 'DELETE')
      return this.#maps.delete(path.slice(maps.length + 1)) ? {} : undefined;
    return undefined;
  }

  #fill(): void {
    if (this.deaf) return;
    this.#keys = 80;
    this.#alarm = true;
  }

  #empty(): void {
    this.#keys = 0;
    this.#alarm = false;
  }

  #metrics(): Answer {
    const used = (this.#keys > 0 ? this.quotaMiB : 4) * mebi;
    return `etcd_server_quota_backend_bytes ${(this.quotaMiB * mebi).toExponential()}\netcd_mvcc_db_total_size_in_bytes ${String(used)}`;
  }

  #write(body: unknown): unknown {
    if (this.#alarm)
      return new FakeAnswer(500, { kind: 'Status', message: 'etcdserver: mvcc: database space exceeded' });
    this.#maps.add((body as { readonly metadata: { readonly name: string } }).metadata.name);
    return body;
  }
}
