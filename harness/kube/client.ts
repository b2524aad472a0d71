import { HarnessError } from '../model/errors.ts';
import { ApiError } from './api-error.ts';
import { readKubeconfig } from './kubeconfig.ts';
import { linesOf, makeAgent, open, textOf, type Call } from './transport.ts';

export interface RequestOptions {
  readonly method?: Call['method'];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
  /** 15 s by default. */
  readonly timeoutMs?: number;
}

/** The API of one cluster, as plain JSON. Every request has a limit and may be given up. */
export interface KubeClient {
  readonly server: string;
  /** @throws ApiError when the answer is not 2xx, breaks off or does not come in time; the signal's reason */
  request(path: string, options?: RequestOptions): Promise<unknown>;
  /** The same for an answer that is no JSON, such as /metrics or logs. */
  text(path: string, options?: RequestOptions): Promise<string>;
  /** The lines of an answer that goes on until the server ends it or the signal does. */
  lines(
    path: string,
    options: { readonly query?: Readonly<Record<string, string>>; readonly signal: AbortSignal },
  ): Promise<AsyncIterable<string>>;
  /** Ends idle connections. */
  close(): void;
}

/** @throws HarnessError `bad-input` when the kubeconfig cannot be read or names no cluster */
export function connect(kubeconfigPath: string): KubeClient {
  const config = readKubeconfig(kubeconfigPath);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined)
    throw new HarnessError('bad-input', `The kubeconfig ${kubeconfigPath} names no current context with a cluster`);
  const agent = makeAgent(server);

  const text = async (path: string, options: RequestOptions = {}): Promise<string> => {
    const { timeoutMs = 15_000, signal: given, ...call } = options;
    const method = call.method ?? 'GET';
    given?.throwIfAborted();
    const limit = AbortSignal.timeout(timeoutMs);
    const signal = given === undefined ? limit : AbortSignal.any([given, limit]);
    const what = `${method} ${path}`;
    try {
      return await textOf(await open(config, agent, { ...call, method, path, signal }), what);
    } catch (error) {
      given?.throwIfAborted();
      if (limit.aborted) throw new ApiError(what, 0, '', `no answer within ${String(timeoutMs)} ms`, { cause: error });
      throw error;
    }
  };
  return {
    server,
    text,
    request: async (path, options) => {
      const answer = await text(path, options);
      try {
        return JSON.parse(answer) as unknown;
      } catch (cause) {
        throw new ApiError(`${options?.method ?? 'GET'} ${path}`, 0, '', 'the answer is no JSON', { cause });
      }
    },
    lines: async (path, { query, signal }) => {
      const response = await open(config, agent, {
        method: 'GET',
        path,
        signal,
        ...(query === undefined ? {} : { query }),
      });
      return linesOf(response, `watch of ${path}`);
    },
    close: () => {
      agent.destroy();
    },
  };
}
