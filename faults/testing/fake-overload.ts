import type { Place } from '../../harness/model/cluster.ts';
import { FakeAnswer, type Call } from './fake-api.ts';
import { FakeShell, type Answer } from './fake-shell.ts';

const flowcontrol = '/apis/flowcontrol.apiserver.k8s.io/v1';

/** A place with a flood in it, the account that it uses, and what the API servers count meanwhile. */
export class FakeOverload {
  deaf = false;
  /** How many requests of an account may wait in each of its six queues. */
  queueLengthLimit = 50;
  #flooding = false;
  readonly #objects = new Set<string>();
  #rejected = 3;

  readonly place: Place = Object.assign(
    new FakeShell('client', (command) => {
      if (command.includes('SHAKEDOWN_FLOOD') && !this.deaf) this.#flooding = true;
      return '';
    }),
    { address: '10.0.0.200' },
  );

  changes(): readonly string[] {
    return [...(this.#flooding ? ['a client floods'] : []), ...[...this.#objects].map((path) => `${path} is left`)];
  }

  answerHost(command: string): string {
    if (!command.includes('SHAKEDOWN_FLOOD')) return '';
    if (command.includes('kill -KILL')) this.#flooding = false;
    return this.#flooding ? '1' : '0';
  }

  /** Undefined for what is no business of the overload. */
  answer(command: string): Answer | undefined {
    if (!command.includes('dump_priority_levels')) return undefined;
    if (this.#flooding) this.#rejected += 100;
    const waiting = this.#flooding ? 300 : 0;
    return [
      'PriorityLevelName, ActiveQueues, WaitingRequests, ExecutingRequests, RejectedRequests, TimedoutRequests',
      'exempt,            <none>,       <none>,          <none>,            <none>,           <none>',
      `workload-low,      0,            ${String(waiting)}, 1,             ${String(this.#rejected)}, 2`,
    ].join('\n');
  }

  answerApi(path: string, { method, body }: Call): unknown {
    if (path === `${flowcontrol}/flowschemas/service-accounts`)
      return { spec: { priorityLevelConfiguration: { name: 'workload-low' } } };
    if (path === `${flowcontrol}/prioritylevelconfigurations/workload-low`) {
      const queuing = { queues: 128, handSize: 6, queueLengthLimit: this.queueLengthLimit };
      return { spec: { limited: { limitResponse: { type: 'Queue', queuing } } } };
    }
    if (path === '/api/v1/namespaces/kube-system/configmaps/kube-root-ca.crt') return { data: { 'ca.crt': 'PEM' } };
    if (path === '/api/v1/namespaces' && method === 'POST') return this.#make(path, body);
    if (!path.includes('/namespaces/shakedown-m1')) return undefined;
    if (path.endsWith('/token')) return { status: { token: 'secret' } };
    if (method === 'POST') return this.#make(path, body);
    if (method === 'DELETE') for (const each of this.#objects) this.#objects.delete(each);
    return this.#objects.has(path) ? {} : undefined;
  }

  #make(collection: string, body: unknown): unknown {
    const { name } = (body as { readonly metadata: { readonly name: string } }).metadata;
    const path = `${collection}/${name}`;
    if (this.#objects.has(path)) return new FakeAnswer(409, { kind: 'Status', reason: 'AlreadyExists' });
    if (!this.deaf) this.#objects.add(path);
    return body;
  }
}
