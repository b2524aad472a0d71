import type { Random } from '../../model/fault.ts';
import type { ConnectionMode, RequestEvent } from '../../model/history.ts';

/** A total outage made on the client's side: every packet from or to it is dropped in [beginMs, endMs). */
export interface PlantedOutage {
  readonly beginMs: number;
  readonly endMs: number;
}

export interface Client {
  readonly mode: ConnectionMode;
  readonly periodMs: number;
  /** Starts are late by up to this much. */
  readonly latenessMs: number;
  /** Round trips take from a third of this to this. */
  readonly roundTripMs: number;
  readonly timeoutMs: number;
}

/** Linux: the first SYN is sent again after 1 s, data after at least 200 ms, each time doubled (RFC 6298, tcp_rto_min). */
const synAgainMs = 1_000;
const dataAgainMs = 200;
const mostTries = 12;

/** When a packet, sent at `atMs` and again while it is not answered, is let through the client's side; Infinity if never. */
function through(outage: PlantedOutage, atMs: number, againMs: number): number {
  let sentMs = atMs;
  for (let tries = 0; tries < mostTries; tries += 1) {
    if (sentMs < outage.beginMs || sentMs >= outage.endMs) return sentMs;
    sentMs += againMs * 2 ** tries;
  }
  return Infinity;
}

/** One exchange of a packet and its answer, both of which can be lost: the end of it. */
function exchange(outage: PlantedOutage, atMs: number, roundTripMs: number, againMs: number): number {
  const sentMs = through(outage, atMs, againMs);
  // The server sends its answer again by itself until the client's acknowledgement gets through.
  return through(outage, sentMs + roundTripMs, againMs);
}

/** The requests of an open-loop client through an outage, with what TCP does about lost packets. */
export function requestsThrough(
  outage: PlantedOutage,
  client: Client,
  toMs: number,
  random: Pick<Random, 'below'>,
): RequestEvent[] {
  const fraction = (): number => random.below(1_000_000) / 1_000_000;
  const { mode, periodMs, latenessMs, timeoutMs } = client;
  const roundTrip = (): number => client.roundTripMs * (1 / 3 + (2 / 3) * fraction());
  return Array.from({ length: Math.floor(toMs / periodMs) }, (_, seq): RequestEvent => {
    const startMs = seq * periodMs + latenessMs * fraction();
    const connectedMs = mode === 'reused' ? startMs : exchange(outage, startMs, roundTrip(), synAgainMs);
    const answeredMs = exchange(outage, connectedMs, roundTrip(), dataAgainMs);
    const common = { kind: 'request', path: 'web', mode, seq, startMs } as const;
    if (answeredMs - startMs > timeoutMs)
      return { ...common, endMs: startMs + timeoutMs, ok: false, status: 0, error: 'timeout' };
    return { ...common, endMs: answeredMs, ok: true, status: 200 };
  });
}
