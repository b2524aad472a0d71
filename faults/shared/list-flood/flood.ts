import { Agent as PlainAgent, request as plainRequest, type IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

export interface FloodOptions {
  /** The collections that are listed. */
  readonly urls: readonly string[];
  /** How many requests of each are always under way. */
  readonly inFlight: number;
  readonly token: string;
  /** PEM; whom to trust. */
  readonly authority: string;
  /** It ends by itself then, whatever becomes of who started it. */
  readonly endAfterMs: number;
}

const answerMs = 65_000;
/** What a refused client waits when it is not told, as client-go does. */
const pauseMs = 1_000;

/** Lists without end, so many at a time, and waits as it is told when it is refused. Resolves when its time is over or the signal came. */
export async function flood(options: FloodOptions, signal: AbortSignal): Promise<void> {
  const ending = AbortSignal.any([signal, AbortSignal.timeout(options.endAfterMs)]);
  const settings = { keepAlive: true, maxSockets: options.inFlight };
  const agents = { plain: new PlainAgent(settings), secure: new Agent({ ...settings, ca: options.authority }) };
  const lister = async (url: string): Promise<void> => {
    while (!ending.aborted) {
      const waitMs = await list(url, options, agents, ending).catch(() => pauseMs);
      if (waitMs > 0) await sleep(waitMs, undefined, { signal: ending }).catch(() => undefined);
    }
  };
  const listers = options.urls.flatMap((url) => Array.from({ length: options.inFlight }, () => lister(url)));
  await Promise.all(listers);
  agents.plain.destroy();
  agents.secure.destroy();
}

/** One request to the end of its answer. @returns how long to wait before the next, in milliseconds */
async function list(
  url: string,
  { token }: FloodOptions,
  agents: { readonly plain: PlainAgent; readonly secure: Agent },
  ending: AbortSignal,
): Promise<number> {
  const signal = AbortSignal.any([ending, AbortSignal.timeout(answerMs)]);
  // That the server has to compress is part of what makes it expensive, and keeps the answers short.
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json', 'accept-encoding': 'gzip' };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const call = url.startsWith('https:')
      ? request(url, { headers, signal, agent: agents.secure }, resolve)
      : plainRequest(url, { headers, signal, agent: agents.plain }, resolve);
    call.on('error', reject).end();
  });
  await new Promise((resolve, reject) => {
    response.on('end', resolve).on('error', reject).on('close', resolve).resume();
  });
  if (response.statusCode === 200) return 0;
  const told = Number(response.headers['retry-after']) * 1_000;
  return told > 0 ? told : pauseMs;
}
