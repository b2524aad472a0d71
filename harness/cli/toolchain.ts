import { Command } from 'commander';

import { HarnessError } from '../model/errors.ts';
import { exitCode } from '../model/verdict.ts';
import type { ProgramDescription } from '../toolchain/index.ts';
import { examples } from './examples.ts';
import { columns, outputWidth, printJson, printLines } from './print.ts';
import { processTerminal } from './terminal.ts';

const order = `
A program comes from PATH if its version fits, else from the cache, else from an official release (with its checksum),
else from a pinned Go module, else from a Debian package (as root).

Environment:
  SHAKEDOWN_CACHE          the cache's folder; $XDG_CACHE_HOME/shakedown or ~/.cache/shakedown by default
  SHAKEDOWN_DOWNLOADS=off  leaves out the official releases
`;

/** `shakedown toolchain`: what is run, in which version, from where. */
export function toolchainCommand(): Command {
  return new Command('toolchain')
    .description('Show every program that Shakedown runs, with version, source and path; or install what is missing')
    .option('--install', 'get every program that is missing, with progress')
    .option('--json', 'print JSON')
    .addHelpText('after', order)
    .addHelpText(
      'after',
      examples(
        ['shakedown toolchain', 'what is there and what is missing; changes nothing'],
        ['shakedown toolchain --install', 'gets what is missing; the first time about 10 minutes on 2 cores'],
        ['shakedown toolchain --json', 'the same for machines'],
      ),
    )
    .action(async (flags: { readonly install?: boolean; readonly json?: boolean }) => {
      const { cacheDirectory, describePrograms } = await import('../toolchain/index.ts');
      if (flags.install === true) await installAll();
      const programs = await describePrograms();
      if (flags.json === true) printJson({ cache: cacheDirectory(), programs });
      else printLines([...columns(rowsOf(programs), outputWidth(), ''), ...notesOf(programs)]);
    });
}

/** The first Ctrl-C stops the compilers and removes what is half-done; the second ends this process at once. */
async function installAll(): Promise<void> {
  const { allProgramNames, ensurePrograms } = await import('../toolchain/index.ts');
  const interrupt = new AbortController();
  // `on`, not `once`: the lock's own exit handler ends the process at once when no other listener is left.
  const stop = (): void => {
    if (interrupt.signal.aborted) process.exit(exitCode('harness-error'));
    interrupt.abort(new HarnessError('interrupted', 'Interrupted; programs that were finished are kept in the cache'));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  using terminal = processTerminal();
  try {
    await ensurePrograms(
      allProgramNames,
      (line) => {
        terminal.progress(line);
      },
      interrupt.signal,
    );
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** The table of `shakedown toolchain`, its heading first. What is missing shows the wanted version and where it would come from. */
export function rowsOf(programs: readonly ProgramDescription[]): readonly (readonly string[])[] {
  const rows = programs.map(({ program, wanted, version, source, path }) => [
    program,
    path === null ? wanted : version || 'present',
    source,
    path ?? 'missing',
  ]);
  return [['PROGRAM', 'VERSION', 'SOURCE', 'PATH'], ...rows];
}

/** What is said under the table: programs that were passed over, and how to get what is missing. */
export function notesOf(programs: readonly ProgramDescription[]): readonly string[] {
  const passedOver = programs.flatMap(({ rejected }) => rejected.map((because) => `Not used: ${because}.`));
  const missing = programs.filter(({ state }) => state === 'missing').length;
  if (missing === 0) return passedOver.length > 0 ? ['', ...passedOver] : [];
  return [
    '',
    ...passedOver,
    `${String(missing)} of ${String(programs.length)} are missing; shakedown toolchain --install`,
  ];
}
