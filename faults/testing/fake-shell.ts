import type { ExecOptions, Ran, Running, Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';

/** What a command answers: its standard output, or an exit code with its standard error. */
export type Answer = string | { readonly exitCode: number; readonly stderr?: string };

/** A shell whose commands are answered by a function; it keeps what it was asked. */
export class FakeShell implements Shell {
  readonly name: string;
  readonly asked: string[] = [];
  readonly #answer: (command: string, input: string) => Answer;

  constructor(name: string, answer: (command: string, input: string) => Answer) {
    this.name = name;
    this.#answer = answer;
  }

  exec(argv: readonly string[], options: ExecOptions = {}): Promise<Ran> {
    const command = argv.join(' ');
    this.asked.push(command);
    const answer = this.#answer(command, options.input ?? '');
    if (typeof answer === 'string') return Promise.resolve({ stdout: answer, stderr: '', exitCode: 0 });
    const { exitCode, stderr = '' } = answer;
    if (options.allowFailure === true) return Promise.resolve({ stdout: '', stderr, exitCode });
    return Promise.reject(new HarnessError('command-failed', `Exit code ${String(exitCode)}: ${stderr}`));
  }

  spawn(): Running {
    throw new HarnessError('bug', 'this fake starts nothing');
  }
}
