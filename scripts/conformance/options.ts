import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { root } from '../../harness/util/paths.ts';
import { HarnessError, messageOf } from '../../harness/model/errors.ts';
import { wholeNumber } from '../whole-number.ts';

export const help = `Usage: npm run conformance -- [options]

Runs the CNCF conformance tests of Kubernetes on a local cluster that is booted for them and removed afterwards.

  --focus REGEX    only specs whose name matches (Go's syntax)
  --procs N        so many specs at once, at least 2 (6)
  --serial         also the specs that must run alone, after the others
  --limit MINUTES  stop after so long; the rest counts as not run (120)
  --config FILE    what to boot (kind-configs/small.yaml)
  --keep           leave the cluster up

Exit code: 0 when every selected spec passed, 1 when one failed or was not run, 3 when they could not be tried.
`;

export interface Options {
  readonly help: boolean;
  readonly focus: string | null;
  readonly procs: number;
  readonly serial: boolean;
  readonly limitMinutes: number;
  readonly config: string;
  readonly keep: boolean;
}

/** @throws HarnessError `bad-input` naming the option */
export function optionsOf(argv: readonly string[]): Options {
  const values = parse(argv);
  const procs = wholeNumber(values.procs, 6, '--procs');
  // With one process ginkgo prints in another shape, and nothing is gained by it.
  if (procs < 2) throw new HarnessError('bad-input', `--procs: expected at least 2, found '${String(procs)}'`);
  const limitMinutes = wholeNumber(values.limit, 120, '--limit');
  if (limitMinutes < 1) throw new HarnessError('bad-input', `--limit: expected at least 1 minute, found '0'`);
  return {
    help: values.help ?? false,
    focus: values.focus ?? null,
    procs,
    serial: values.serial ?? false,
    limitMinutes,
    config: values.config ?? join(root, 'kind-configs/small.yaml'),
    keep: values.keep ?? false,
  };
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const known = { focus: text, procs: text, limit: text, config: text, serial: flag, keep: flag, help: flag };

function parse(argv: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof known }>>['values'] {
  try {
    return parseArgs({ args: [...argv], options: known }).values;
  } catch (error) {
    throw new HarnessError('bad-input', `conformance: ${messageOf(error)}`, { hint: 'npm run conformance -- --help' });
  }
}
