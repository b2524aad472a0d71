import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

import { HarnessError, messageOf } from '../../model/errors.ts';
import { checksumOf } from './checksum.ts';

/** A host that does not answer, or not with the file: reason enough to ask the next source, unlike a wrong checksum. */
export class NotServed extends Error {
  /** True when the whole host is out of reach, so that asking it for another file is pointless. */
  readonly unreachable: boolean;

  constructor(message: string, unreachable: boolean) {
    super(message);
    this.unreachable = unreachable;
  }
}

export interface DownloadLimits {
  /** Until the answer's headers. */
  readonly answerMs: number;
  /** Between two pieces of the body. */
  readonly idleMs: number;
}

/** An answer that begins within its limit, or NotServed. */
async function ask(
  url: string,
  limits: DownloadLimits,
  signal: AbortSignal,
): Promise<{ body: AsyncIterable<Uint8Array>; length: number }> {
  const impatience = new AbortController();
  const limit = (ms: number): NodeJS.Timeout =>
    setTimeout(() => {
      impatience.abort(new Error(`no answer within ${String(ms / 1_000)} s`));
    }, ms);
  let timer = limit(limits.answerMs);
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, impatience.signal]) });
    clearTimeout(timer);
    const { body } = answer;
    if (!answer.ok || !body) throw new NotServed(`${url} answers ${String(answer.status)}`, answer.status !== 404);
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      timer = limit(limits.idleMs);
      try {
        for await (const piece of body) {
          timer.refresh();
          yield piece;
        }
      } finally {
        clearTimeout(timer);
      }
    };
    return { body: pieces(), length: Number(answer.headers.get('content-length') ?? 0) };
  } catch (error) {
    clearTimeout(timer);
    signal.throwIfAborted();
    if (error instanceof NotServed) throw error;
    throw new NotServed(`${new URL(url).host} cannot be reached (${messageOf(error)})`, true);
  }
}

/** A small text. @throws NotServed */
export async function downloadText(url: string, limits: DownloadLimits, signal: AbortSignal): Promise<string> {
  const { body } = await ask(url, limits, signal);
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of body) pieces.push(piece);
  } catch (error) {
    signal.throwIfAborted();
    throw new NotServed(`${url} broke off (${messageOf(error)})`, true);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/**
 * A file whose sha256 is known beforehand.
 * @param onBytes is told how many bytes have come, and of how many (0 when the host does not say)
 * @throws NotServed when it cannot be had; HarnessError `toolchain` when it is another file
 */
export async function downloadFile(
  url: string,
  path: string,
  expected: string,
  limits: DownloadLimits,
  signal: AbortSignal,
  onBytes: (got: number, of: number) => void,
): Promise<void> {
  const { body, length } = await ask(url, limits, signal);
  const checksum = checksumOf(url, expected);
  let got = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of body) {
      checksum.update(piece);
      got += piece.length;
      onBytes(got, length);
      yield piece;
    }
  };
  try {
    await pipeline(counted, createWriteStream(path), { signal });
  } catch (error) {
    signal.throwIfAborted();
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOSPC' || code === 'EDQUOT' || error instanceof HarnessError) throw error;
    throw new NotServed(`${url} broke off after ${String(got)} bytes (${messageOf(error)})`, false);
  }
  checksum.check();
}
