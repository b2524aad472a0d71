import { Command } from 'commander';
import pc from 'picocolors';

import type { Progress } from '../model/cluster.ts';
import { HarnessError } from '../model/errors.ts';
import {
  allProgramNames,
  cacheDirectory,
  describePrograms,
  ensurePrograms,
  type ProgramDescription,
} from '../toolchain/index.ts';

const examples = `
Where a program comes from, in this order: PATH if the version fits, the cache, an official release with its
checksum, a pinned Go module, a Debian package (as root). The cache is $SHAKEDOWN_CACHE, else ~/.cache/shakedown.
SHAKEDOWN_DOWNLOADS=off leaves out the releases.

Examples:
  $ shakedown toolchain              program, version, source and path of every program
  $ shakedown toolchain --install    gets what is missing (the first time: about 10 minutes on 2 cores)
  $ shakedown toolchain --json       the same as JSON, for machines`;

/** `shakedown toolchain`: what is run, in which version, from where. */
export function toolchainCommand(): Command {
  return new Command('toolchain')
    .description('show every program that Shakedown runs: version, source and path; or install what is missing')
    .option('--install', 'get every program that is missing')
    .option('--json', 'print JSON instead of a table')
    .addHelpText('after', examples)
    .action(async ({ install, json }: { install?: true; json?: true }) => {
      if (install) await installAll();
      const programs = await describePrograms();
      const text = json ? JSON.stringify({ cache: cacheDirectory(), programs }, null, 2) : asTable(programs);
      process.stdout.write(`${text}\n`);
    });
}

/** The first Ctrl-C stops the compilers and removes what is half-done. */
async function installAll(): Promise<void> {
  const interrupt = new AbortController();
  const stop = (): void => {
    interrupt.abort(new HarnessError('interrupted', 'Interrupted; what was finished is kept in the cache'));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    await ensurePrograms(allProgramNames, sayOnStderr, interrupt.signal);
  } finally {
    process.removeListener('SIGINT', stop);
    process.removeListener('SIGTERM', stop);
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  }
}

/** One line that changes on a terminal, a line each otherwise. */
const sayOnStderr: Progress = (line) => {
  const { isTTY, columns } = process.stderr;
  process.stderr.write(isTTY ? `\r\u001b[K${line.slice(0, Math.max(1, columns - 1))}` : `${line}\n`);
};

function asTable(programs: readonly ProgramDescription[]): string {
  const header = ['PROGRAM', 'WANTED', 'VERSION', 'SOURCE', 'PATH'];
  const rows = programs.map((one) => [one.program, one.wanted, one.version || '-', one.source, one.path ?? 'missing']);
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const body = rows.map((row, index) => (programs[index]?.state === 'missing' ? pc.yellow(line(row)) : line(row)));
  const notes = programs.flatMap(({ rejected }) => rejected.map((because) => `not used: ${because}`));
  const missing = programs.filter(({ state }) => state === 'missing').length;
  const hint = missing > 0 ? [`${String(missing)} missing: shakedown toolchain --install`] : [];
  return [pc.bold(line(header)), ...body, ...notes, ...hint].join('\n');
}
