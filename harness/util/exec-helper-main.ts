// Runs commands for a bigger process, which forked this one: see exec-helper.ts.
import type { Ran } from '../model/cluster.ts';
import { HarnessError, messageOf } from '../model/errors.ts';
import { execHere, type HostExecOptions } from './exec-here.ts';

export type Question =
  | { readonly id: number; readonly argv: readonly string[]; readonly options: Omit<HostExecOptions, 'signal'> }
  | { readonly id: number; readonly abort: true };

/** An error without its class. */
type Told = Pick<HarnessError, 'code' | 'message'> & { readonly hint?: string | undefined };

export type Answer = { readonly id: number } & ({ readonly ran: Ran } | { readonly error: Told });

/** A parent that ends in order says so by a signal first, and then the commands end, too. */
const farewellMs = 100;
const running = new Map<number, AbortController>();

async function answerTo(question: Question): Promise<void> {
  const { id } = question;
  if ('abort' in question) {
    running.get(id)?.abort();
    return;
  }
  const stop = new AbortController();
  running.set(id, stop);
  const answer = await execHere(question.argv, { ...question.options, signal: stop.signal }).then(
    (ran): Answer => ({ id, ran }),
    (error: unknown): Answer => ({ id, error: described(error) }),
  );
  running.delete(id);
  process.send?.(answer);
}

const described = (error: unknown): Told =>
  error instanceof HarnessError
    ? { code: error.code, message: error.message, hint: error.hint }
    : { code: 'bug', message: messageOf(error) };

process.on('message', (message) => void answerTo(message as Question));
process.on('disconnect', () => {
  // A parent that was killed leaves its commands to themselves: so does this process, which no handler sees end.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), farewellMs);
});
process.send?.('ready');
