/** Every way in which the harness itself can fail. A code is never reused for another meaning. */
export const errorCodes = {
  'bad-input': 'A command line, scenario, configuration or history that the user gave is wrong',
  'unknown-name': 'A scenario, fault, guarantee, node or cluster of that name does not exist',
  'not-here': 'This machine or this user cannot do what was asked (not Linux, not root, a missing kernel feature)',
  toolchain: 'A program could not be found, fetched, built or verified',
  'disk-full': 'There is not enough room on the disk',
  'port-in-use': 'A port that the harness needs is taken by another program',
  'cluster-exists': 'A cluster of that name already exists',
  'cluster-state': 'The stored state of a cluster is missing, stale or damaged',
  'cluster-boot': 'The cluster did not become ready',
  'command-failed': 'A command that the harness ran ended with an error',
  'timed-out': 'A condition did not come true within its limit',
  interrupted: 'The user stopped the run',
  refused: 'The harness refused, before touching anything, to do what was asked',
  'fault-not-active': 'A fault was injected but its effect could not be proved',
  'fault-not-gone': 'A fault was healed but its absence could not be proved',
  'not-steady': 'The system under test was not steady before the fault, so nothing could be measured against',
  'load-too-low': 'The load generator did not reach the rate that the scenario asks for',
  history: 'A stored history cannot be read',
  bug: 'A fault of the harness itself; please report it',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** An error that says what is wrong in a sentence and, where there is one, the next command to type. */
export class HarnessError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { readonly cause?: unknown; readonly hint?: string } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'HarnessError';
    this.code = code;
    this.hint = options.hint;
  }
}

/** The message of anything that was thrown, with the messages of its causes. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError)
    return [error.message, ...error.errors.map(messageOf)].filter(Boolean).join('; ');
  if (error.cause === undefined) return error.message;
  const cause = messageOf(error.cause);
  return error.message.includes(cause) ? error.message : `${error.message}: ${cause}`;
}
