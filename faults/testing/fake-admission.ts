import { FakeAnswer, type Call } from './fake-api.ts';

const collection = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';

interface Configuration {
  readonly metadata: { readonly name: string };
  readonly webhooks: readonly {
    readonly failurePolicy: string;
    readonly timeoutSeconds: number;
    readonly clientConfig: { readonly url?: string };
  }[];
}

/** The admission of pods: webhooks that nobody serves, and what becomes of a dry run. */
export class FakeAdmission {
  deaf = false;
  readonly #configured = new Map<string, Configuration>();

  changes(): readonly string[] {
    return [...this.#configured.keys()].map((name) => `the webhook ${name} is configured`);
  }

  answerApi(path: string, { method, body }: Call): unknown {
    if (path === collection && method === 'POST') {
      const configuration = body as Configuration;
      if (!this.deaf) this.#configured.set(configuration.metadata.name, configuration);
      return configuration;
    }
    if (path.startsWith(`${collection}/`)) {
      const name = path.slice(collection.length + 1);
      const found = this.#configured.get(name);
      if (method === 'DELETE') this.#configured.delete(name);
      return found;
    }
    return path === '/api/v1/namespaces/shakedown/pods' && method === 'POST' ? this.#admit() : undefined;
  }

  async #admit(): Promise<unknown> {
    for (const { webhooks } of this.#configured.values()) {
      const [webhook] = webhooks;
      if (webhook?.clientConfig.url !== undefined)
        await new Promise((resolve) => setTimeout(resolve, webhook.timeoutSeconds * 1_000));
      if (webhook?.failurePolicy === 'Fail')
        return new FakeAnswer(500, {
          kind: 'Status',
          reason: 'InternalError',
          message: 'failed calling webhook: service not found',
        });
    }
    return {};
  }
}
