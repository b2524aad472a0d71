/** A flag of a component that explains figures of the report. */
export interface WantedFlag {
  readonly program: string;
  readonly flag: string;
}

/** What one process says of a flag: set on its command line, or the default that its own --help prints. */
export interface FoundFlag {
  readonly value: string;
  readonly from: 'command line' | 'default by its --help';
}

/** The value of `--flag=value` or `--flag value`, or null. */
function onCommandLine(argv: readonly string[], flag: string): string | null {
  for (const [index, word] of argv.entries()) {
    const bare = word.replace(/^--?/, '');
    if (bare.startsWith(`${flag}=`)) return bare.slice(flag.length + 1);
    const next = argv[index + 1];
    if (bare === flag && word.startsWith('-')) return next === undefined || next.startsWith('-') ? 'true' : next;
  }
  return null;
}

/**
 * The default of a flag in a --help text: Kubernetes prints `(default 50s)` somewhere after the flag, etcd prints
 * `--heartbeat-interval '100'`.
 */
export function defaultIn(help: string, flag: string): string | null {
  const start = help.search(new RegExp(`^\\s*--${flag}(?=[\\s=])`, 'm'));
  if (start < 0) return null;
  const rest = help.slice(start).trimStart();
  const end = rest.slice(2).search(/^\s*--[a-z]/m);
  const paragraph = end < 0 ? rest : rest.slice(0, end + 2);
  const quoted = new RegExp(`^--${flag} '([^']*)'`).exec(paragraph);
  const shown = /\(default "?([^)"]+)"?\)/.exec(paragraph);
  return quoted?.[1] ?? shown?.[1] ?? null;
}

export function findFlag(argv: readonly string[], help: string, flag: string): FoundFlag | null {
  const set = onCommandLine(argv, flag);
  if (set !== null) return { value: set, from: 'command line' };
  const value = defaultIn(help, flag);
  return value === null ? null : { value, from: 'default by its --help' };
}
