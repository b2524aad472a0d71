import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the leashes of injections lie on their machine, each in a folder of its own. */
export const leashFolder = '/run/shakedown/leash';

/**
 * The name of a leash's folder. The mark of an injection, which holds no dash, stands between the cluster's name, which may hold one,
 * and the number of the leash.
 */
export const leashName = (cluster: string, mark: string, number: number): string =>
  `${cluster}-${mark}-${String(number)}`;

const isOf = (cluster: string, name: string): boolean =>
  name.startsWith(`${cluster}-`) && /^[^-]+-\d+$/.test(name.slice(cluster.length + 1));

/**
 * Takes away the leashes that this machine holds for a cluster that is no more, those that fired included: there is
 * nothing left to undo, and a watchdog whose lease is gone ends.
 */
export function dropHostLeashes(cluster: string, folder = leashFolder): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder))
    if (isOf(cluster, name)) rmSync(join(folder, name), { recursive: true, force: true });
  for (const empty of [folder, dirname(folder)])
    if (existsSync(empty) && readdirSync(empty).length === 0) rmdirSync(empty);
}
