import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { parse } from 'yaml';
import { z } from 'zod';

import type { Job, Target } from './job.ts';
import { HarnessError } from '../../harness/model/errors.ts';

/** What a TLS connection to an API server needs: PEM texts. */
export interface Credentials {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const named = <T extends z.ZodType>(field: string, value: T) =>
  z.array(z.looseObject({ name: z.string(), [field]: value }));
const text = z.string().optional();
const shape = z.looseObject({
  'current-context': z.string(),
  contexts: named('context', z.looseObject({ cluster: z.string(), user: z.string() })),
  clusters: named('cluster', z.looseObject({ 'certificate-authority': text, 'certificate-authority-data': text })),
  users: named(
    'user',
    z.looseObject({
      'client-certificate': text,
      'client-certificate-data': text,
      'client-key': text,
      'client-key-data': text,
    }),
  ),
});

/**
 * The certificates of a kubeconfig's current context.
 * @throws HarnessError `bad-input` when the file holds none: a token or a helper program is not enough for the writer
 */
export function credentialsOf(path: string): Credentials {
  const config = shape.parse(parse(readFileSync(path, 'utf8')));
  const pick = (list: 'contexts' | 'clusters' | 'users', field: string, name: string) =>
    (config[list].find((entry) => entry.name === name)?.[field] ?? {}) as Readonly<Record<string, string | undefined>>;
  const context = pick('contexts', 'context', config['current-context']);
  const pem = (entry: Readonly<Record<string, string | undefined>>, field: string): string => {
    const data = entry[`${field}-data`];
    if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
    const file = entry[field];
    if (file !== undefined) return readFileSync(resolve(dirname(path), file), 'utf8');
    throw new HarnessError(
      'bad-input',
      `${path}: expected ${field} or ${field}-data in the current context, found neither`,
    );
  };
  const user = pick('users', 'user', context['user'] ?? '');
  return {
    ca: pem(pick('clusters', 'cluster', context['cluster'] ?? ''), 'certificate-authority'),
    cert: pem(user, 'client-certificate'),
    key: pem(user, 'client-key'),
  };
}

/** What a client of each target shows: the kubeconfig's credentials on https, nothing to the data service. */
export function credentialsFor({
  targets,
  kubeconfig,
}: Pick<Job, 'targets' | 'kubeconfig'>): (target: Target) => Credentials | null {
  const secure = targets.some(({ store }) => store === 'api') ? credentialsOf(kubeconfig) : null;
  return ({ url }) => (url.startsWith('https:') ? secure : null);
}
