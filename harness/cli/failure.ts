import { CommanderError } from 'commander';

import { HarnessError, messageOf } from '../model/errors.ts';
import { exitCode } from '../model/verdict.ts';

/** What a failed command prints and returns. */
export interface Failure {
  /** Empty when there is nothing to say, as after `--help`. */
  readonly text: string;
  readonly exitCode: number;
}

/** Bad input, a machine that cannot and a bug alike say nothing about the system under test: they end with 3. */
const failed = exitCode('harness-error');

/** Anything that was thrown as a sentence with the next thing to type; the stack only when it was asked for. */
export function failureOf(error: unknown, debug: boolean): Failure {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? { text: '', exitCode: 0 } : usage(error);
  }
  const stack = debug && error instanceof Error ? `\n${stackOf(error)}` : '';
  if (error instanceof HarnessError) {
    return { text: `shakedown: ${messageOf(error)}${next(error.hint)}${stack}\n`, exitCode: failed };
  }
  const text = `shakedown: ${messageOf(error)} (this is a fault of the harness itself)`;
  return {
    text: `${text}${debug ? stack : next('the same command with SHAKEDOWN_DEBUG=1, and report it')}\n`,
    exitCode: failed,
  };
}

function usage(error: CommanderError): Failure {
  const text = error.message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.*)\?\)/, (_, name: string) => `; did you mean '${name}'?`);
  return { text: `shakedown: ${text}${next('shakedown --help')}\n`, exitCode: failed };
}

const next = (hint: string | undefined): string => (hint === undefined ? '' : `\nNext: ${hint}`);

function stackOf(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\nCaused by: ${stackOf(error.cause)}` : own;
}
