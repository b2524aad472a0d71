import { spawn } from 'node:child_process';

import { root } from '../harness/util/paths.ts';

export interface Ended {
  /** Undefined when it could not start. */
  readonly pid: number | undefined;
  readonly ok: boolean;
  /** Both streams as they came; empty when they went to the terminal. */
  readonly output: string;
  readonly tookMs: number;
}

export interface CommandOptions {
  /** Shows the output as it comes instead of keeping it. */
  readonly show?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Passed on to the command as SIGINT, which mocha and the command line answer by healing and cleaning up. */
  readonly signal?: AbortSignal;
}

/** Healing has 180 s; who needs longer than this after SIGINT hangs. */
const graceMs = 240_000;

/** Runs a command of this project in its root. A command that cannot start has failed; it does not throw. */
export function command(argv: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const [file = '', ...args] = argv;
  const startMs = performance.now();
  const child = spawn(file, args, {
    cwd: root,
    env: { ...process.env, ...options.env },
    // In a group of its own: a Ctrl-C of the terminal reaches it once, through the signal, and not twice.
    detached: true,
    stdio: options.show === true ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  let lastResort: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    child.kill('SIGINT');
    lastResort = setTimeout(() => child.kill('SIGKILL'), graceMs);
  };
  options.signal?.addEventListener('abort', interrupt, { once: true });
  return new Promise((resolve) => {
    const end = (ok: boolean): void => {
      clearTimeout(lastResort);
      options.signal?.removeEventListener('abort', interrupt);
      resolve({ pid: child.pid, ok, output, tookMs: performance.now() - startMs });
    };
    child.once('error', (error) => {
      output += `${file}: ${error.message}\n`;
      end(false);
    });
    child.once('close', (code) => {
      end(code === 0);
    });
  });
}
