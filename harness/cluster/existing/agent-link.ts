import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';

import { HarnessError, messageOf } from '../../model/errors.ts';
import { frame, FrameReader, framesOf, type Frame } from './agent-frames.ts';

/** The certificate and key of a run: either end of a connection shows it, and accepts no other. */
export interface AgentKeys {
  readonly certificate: string;
  readonly key: string;
}

export interface AgentAddress {
  readonly node: string;
  readonly address: string;
  readonly port: number;
}

/** What becomes of the output of a command. */
export interface Listener {
  output(bytes: Buffer): void;
  errors(bytes: Buffer): void;
}

/** A lossy link is given three tries of the kernel to connect (at 0, 1 and 3 s) and the handshake its own. */
const connectMs = 8_000;

/** A connection to the agent of a node; it runs one command after the other. */
export class AgentLink {
  readonly #socket: TLSSocket;
  readonly #lost: (why: string) => HarnessError;
  readonly #reader = new FrameReader();
  #heard: (frame: Frame) => void = () => undefined;
  #broken: (error: HarnessError) => void = () => undefined;

  private constructor(socket: TLSSocket, to: AgentAddress) {
    this.#socket = socket;
    this.#lost = (why) => lost(to, why);
    socket.on('data', (bytes: Buffer) => {
      for (const each of this.#reader.take(bytes)) this.#heard(each);
    });
    const broken = (cause?: unknown): void => {
      this.#broken(this.#lost(cause === undefined ? 'the connection was closed' : messageOf(cause)));
    };
    socket.on('error', broken);
    socket.on('close', () => {
      broken();
    });
  }

  /** @throws HarnessError `command-failed` when the agent does not answer; the signal's reason */
  static async open(to: AgentAddress, keys: AgentKeys, signal?: AbortSignal): Promise<AgentLink> {
    const limit = AbortSignal.timeout(connectMs);
    const socket = connect({
      host: to.address,
      port: to.port,
      ca: keys.certificate,
      cert: keys.certificate,
      key: keys.key,
      servername: 'node-agent',
      minVersion: 'TLSv1.3',
    });
    socket.setNoDelay(true).setKeepAlive(true, 2_000);
    try {
      await once(socket, 'secureConnect', { signal: signal === undefined ? limit : AbortSignal.any([signal, limit]) });
    } catch (error) {
      socket.on('error', () => undefined);
      socket.destroy();
      signal?.throwIfAborted();
      throw lost(to, limit.aborted ? `no answer within ${String(connectMs / 1_000)} s` : messageOf(error));
    }
    return new AgentLink(socket, to);
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** An idle connection must not keep the process alive. */
  rest(): void {
    this.#socket.unref();
  }

  /** Ends the connection, and with it the command that runs. */
  close(): void {
    this.#socket.destroy();
  }

  kill(signal: number): void {
    this.#send(frame.signal, Buffer.of(signal));
  }

  /**
   * Runs a command to its end.
   * @returns its exit code
   * @throws HarnessError `command-failed` when the connection breaks
   */
  async run(argv: readonly string[], input: string | Readable, listener: Listener): Promise<number> {
    if (!this.isOpen) throw this.#lost('the connection was closed');
    this.#socket.ref();
    const ended = new Promise<number>((resolve, reject) => {
      this.#broken = reject;
      this.#heard = ({ kind, payload }) => {
        if (kind === frame.output) listener.output(payload);
        else if (kind === frame.errors) listener.errors(payload);
        else if (kind === frame.ended) resolve(payload[0] ?? 0);
      };
    });
    this.#send(frame.command, Buffer.from(JSON.stringify(argv)));
    // A command may end before it has read all of its input; what is left must still go out before the next one.
    const [code] = await Promise.all([ended, this.#feed(input)]);
    return code;
  }

  async #feed(input: string | Readable): Promise<void> {
    if (typeof input === 'string') {
      if (input !== '') this.#send(frame.input, Buffer.from(input));
    } else {
      for await (const bytes of input) {
        if (!this.isOpen) break;
        await this.#sent(frame.input, bytes as Buffer);
      }
    }
    this.#send(frame.inputEnd, Buffer.alloc(0));
  }

  #send(kind: number, content: Buffer): void {
    if (this.isOpen) for (const bytes of framesOf(kind, content)) this.#socket.write(bytes);
  }

  /** Resolves when it has left, or when nothing can leave any more: who waits for the exit code hears of that. */
  #sent(kind: number, content: Buffer): Promise<void> {
    const frames = Buffer.concat(framesOf(kind, content));
    return new Promise((resolve) => {
      this.#socket.write(frames, () => {
        resolve();
      });
    });
  }
}

const lost = ({ node, address, port }: AgentAddress, why: string): HarnessError =>
  new HarnessError('command-failed', `The shell of node ${node} does not answer at ${address}:${String(port)}: ${why}`);
