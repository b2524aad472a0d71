import { Command } from 'commander';

import type { DoctorCheck } from '../cluster/local/doctor.ts';
import { exitCode } from '../model/verdict.ts';
import { examples } from './examples.ts';
import { columns, outputWidth, printJson, printLines } from './print.ts';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Say whether this machine can run local clusters, and what they change on it; changes nothing')
    .option('--json', 'print JSON')
    .addHelpText('after', examples(['shakedown doctor', 'what is right, what is not, and what to do about it']))
    .action(async (flags: { readonly json?: boolean }) => {
      const { doctorChecks } = await import('../cluster/local/doctor.ts');
      const checks = [...(await doctorChecks()), await toolchainCheck()];
      if (checks.some(isObstacle)) process.exitCode = exitCode('harness-error');
      if (flags.json === true) printJson(checks);
      else printLines([...columns(checks.map(rowOf), outputWidth(), ''), '', conclusion(checks)]);
    });
}

/** What we put right ourselves, and put back afterwards, stands in nobody's way. */
const isObstacle = (check: DoctorCheck): boolean => !check.ok && !check.changedByUs;

function rowOf(check: DoctorCheck): readonly string[] {
  const mark = check.ok ? 'ok' : check.changedByUs ? 'change' : 'FAIL';
  const text = check.ok
    ? check.found
    : `${check.found}; wanted: ${check.wanted}${check.fix === '' ? '' : `; ${check.fix}`}`;
  return [mark, check.name, text];
}

function conclusion(checks: readonly DoctorCheck[]): string {
  const obstacles = checks.filter(isObstacle).length;
  if (obstacles > 0)
    return `${String(obstacles)} of ${String(checks.length)} checks stand in the way of a local cluster.`;
  const changes = checks.filter((check) => !check.ok).length;
  return `This machine can run local clusters.${changes === 0 ? '' : ' What is marked `change` is changed by the first cluster and put back by the last.'}`;
}

/** Missing programs are fetched when they are first needed, so they cost time but stop nothing. */
async function toolchainCheck(): Promise<DoctorCheck> {
  const { describePrograms } = await import('../toolchain/index.ts');
  const programs = await describePrograms();
  const missing = programs.filter(({ state }) => state === 'missing').map(({ program }) => program);
  return {
    name: 'programs',
    ok: missing.length === 0,
    found: missing.length === 0 ? `all ${String(programs.length)} are there` : `${missing.join(', ')} not there yet`,
    wanted: 'every program of `shakedown toolchain`',
    fix: 'the first cluster gets them; `shakedown toolchain --install` does so now',
    changedByUs: true,
  };
}
