/** What a frame between the harness and the agent on a node carries (agent/frames.go). */
export const frame = { command: 0, input: 1, inputEnd: 2, signal: 3, output: 4, errors: 5, ended: 6 } as const;

export interface Frame {
  readonly kind: number;
  readonly payload: Buffer;
}

/** One byte for the kind and four for the length come before the payload. */
const headBytes = 5;
const largestPayload = 2 ** 20;

/** The frames for that content, cut where it is larger than one may be. */
export function framesOf(kind: number, content: Buffer): readonly Buffer[] {
  const parts = Math.max(1, Math.ceil(content.length / largestPayload));
  return Array.from({ length: parts }, (_, at) => {
    const payload = content.subarray(at * largestPayload, (at + 1) * largestPayload);
    const head = Buffer.alloc(headBytes);
    head.writeUInt8(kind, 0);
    head.writeUInt32BE(payload.length, 1);
    return Buffer.concat([head, payload]);
  });
}

/** Cuts a stream of bytes into frames, however it comes in pieces. */
export class FrameReader {
  #rest = Buffer.alloc(0);

  /** @returns the frames that these bytes complete @throws RangeError for what is no frame */
  take(bytes: Buffer): readonly Frame[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const frames: Frame[] = [];
    while (this.#rest.length >= headBytes) {
      const length = this.#rest.readUInt32BE(1);
      if (length > largestPayload) throw new RangeError(`a frame of ${String(length)} bytes`);
      if (this.#rest.length < headBytes + length) break;
      frames.push({ kind: this.#rest.readUInt8(0), payload: this.#rest.subarray(headBytes, headBytes + length) });
      this.#rest = this.#rest.subarray(headBytes + length);
    }
    return frames;
  }
}
