// One of two processes that want the same program at once: fill-cache.ts ROOT LOG.
import { access, appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { eventually, notYet, yes } from '../../util/eventually.ts';
import { ensurePrograms } from '../ensure.ts';
import { FakeSource } from './fake-world.ts';

const [root = '', log = ''] = process.argv.slice(2);
const otherWaits = join(root, 'other-waits');

/** Builds until the other process has found the lock taken, however slowly that one starts. */
const slowBuild = async (): Promise<void> => {
  await appendFile(log, 'built\n');
  await eventually('the other process to wait', { withinMs: 20_000, everyMs: 20 }, async () =>
    access(otherWaits).then(
      () => yes(undefined),
      () => notYet('it does not'),
    ),
  );
};
const progress = (line: string): void => {
  console.log(line);
  if (line.startsWith('waiting for another run')) void writeFile(otherWaits, '');
};
const sources = [new FakeSource('module', { kubelet: 'Kubernetes v1.34.4' }, slowBuild)];
const search = { programs: [join(root, 'bin')], plugins: [] };
const world = { cache: join(root, 'cache'), search, sources };
const found = await ensurePrograms(['kubelet'], progress, AbortSignal.timeout(25_000), world);
console.log(found.get('kubelet'));
