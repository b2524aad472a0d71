import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

import { root } from '../harness/util/paths.ts';

/** The folders of long specs, from the ground up: what chaos builds on is tested before it. */
const folders = [
  'differential',
  'cluster',
  'load',
  'conformance',
  'crash',
  'chaos',
  'upgrade',
  'game-day',
  'sabotage',
] as const;

/** The paths, relative to the root, of every long spec; each is a mocha process of its own. */
export function longSpecs(): readonly string[] {
  return folders.flatMap((folder) => {
    const path = join(root, 'suites', folder);
    const names = existsSync(path) ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : [];
    return names
      .filter((name) => name.endsWith('.ts') && isSpec(join(path, name)))
      .sort()
      .map((name) => relative(root, join(path, name)));
  });
}

/** A file beside the specs that describes nothing, in a statement of its own, is a helper of theirs. */
const isSpec = (file: string): boolean =>
  /^(export const planted = (\[\s*)?)?describe[A-Z]?\w*(\.skip|\.only)?\(/m.test(readFileSync(file, 'utf8'));

/** Judges against another implementation need no cluster; all others boot one. */
export const needsCluster = (spec: string): boolean => !spec.startsWith('suites/differential/');

/** Why no spec can have a cluster on this machine, or null. */
export function obstacleHere(): string | null {
  if (process.platform !== 'linux') return `local clusters need Linux, and this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'local clusters need root';
  return null;
}
