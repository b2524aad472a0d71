import { HarnessError } from '../model/errors.ts';
import { readKubeconfig } from './kubeconfig.ts';

/**
 * A kubeconfig with one context of another alone, as its current one: what works with it cannot take a wrong cluster.
 * @throws HarnessError `bad-input` | `unknown-name` naming the file and what it has
 */
export function onlyContext(file: string, context: string): string {
  const config = readKubeconfig(file);
  const found = config.getContextObject(context);
  if (found === null) {
    const names = config.contexts.map(({ name }) => name).join(', ') || 'none';
    throw new HarnessError('unknown-name', `${file} has no context '${context}'; it has: ${names}`, {
      hint: `kubectl --kubeconfig ${file} config get-contexts`,
    });
  }
  config.contexts = [found];
  config.clusters = config.clusters.filter(({ name }) => name === found.cluster);
  config.users = config.users.filter(({ name }) => name === found.user);
  config.setCurrentContext(context);
  return config.exportConfig();
}
