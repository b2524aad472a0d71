import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

import { onlyContext } from '../../kube/index.ts';
import { HarnessError } from '../../model/errors.ts';

/** Which cluster is meant: a context of a kubeconfig, both named. */
export interface Reference {
  /** An absolute path. */
  readonly kubeconfig: string;
  readonly context: string;
}

/** How a journal names the cluster: it says all that another process needs to find it again. */
export const nameOf = ({ kubeconfig, context }: Reference): string => `${kubeconfig}#${context}`;

/** @throws HarnessError `bad-input` for what `nameOf` did not make */
export function referenceOf(name: string): Reference {
  const at = name.indexOf('#');
  if (at < 1 || at === name.length - 1)
    throw new HarnessError('bad-input', `cluster: expected KUBECONFIG#CONTEXT, found '${name}'`, {
      hint: 'shakedown plan SCENARIO --context CONTEXT',
    });
  return { kubeconfig: name.slice(0, at), context: name.slice(at + 1) };
}

/**
 * The cluster that a command line names. Without a file, $KUBECONFIG or ~/.kube/config is searched; the current context is
 * never taken for meant.
 * @throws HarnessError `bad-input` | `unknown-name`
 */
export function findReference(
  context: string,
  kubeconfig: string | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Reference {
  const usual = env['KUBECONFIG'] ?? join(homedir(), '.kube', 'config');
  const files = kubeconfig === undefined ? usual.split(delimiter).filter((file) => file !== '') : [kubeconfig];
  const there = files.map((file) => resolve(file)).filter((file) => existsSync(file));
  if (there.length === 0)
    throw new HarnessError('bad-input', `There is no kubeconfig ${files.join(' or ')}`, {
      hint: 'name it with --kubeconfig FILE',
    });
  const [last = ''] = there.slice(-1);
  const holds = (file: string): boolean => {
    if (file === last) return true;
    try {
      return onlyContext(file, context) !== '';
    } catch (error) {
      if (error instanceof HarnessError && error.code === 'unknown-name') return false;
      throw error;
    }
  };
  const file = there.find(holds) ?? last;
  // Of the last file the error is the user's to read.
  onlyContext(file, context);
  return { kubeconfig: file, context };
}
