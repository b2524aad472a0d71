import { open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Place } from '../../model/cluster.ts';
import { HarnessError } from '../../model/errors.ts';
import { eventually, notYet, yes } from '../../util/eventually.ts';
import { prefixed } from '../../util/exec.ts';
import { addressAt } from './cidr.ts';
import { addStation } from './network.ts';
import { clusterPaths } from './paths.ts';
import { firstPlace, labNetwork, lastPlace } from './plan.ts';
import { programPath, searchPath } from './programs.ts';
import type { ClusterState } from './state.ts';

/**
 * A network namespace on the lab's bridge, made when first asked for. Several processes may ask at once: the file
 * of an address is its claim, and the file of a name says that the place is ready.
 * @throws HarnessError `bad-input` for a name that is none, `refused` when all addresses are taken
 */
export async function placeNamed(name: string, state: ClusterState): Promise<Place> {
  if (!/^[a-z][a-z0-9-]{0,12}$/.test(name))
    throw new HarnessError('bad-input', `place: expected 1 to 13 of a-z, 0-9 and '-', found '${name}'`);
  const { plan, programs } = state;
  const program = programPath(programs);
  const netns = `${plan.lab}.place-${name}`;
  const folder = clusterPaths(plan.name).places;
  const address = await claimedOnce(folder, name, async () => {
    const free = await claimAddress(folder, name);
    await addStation({ netns, link: `p-${name}`, address: free }, plan, program);
    return free;
  });
  const shell = prefixed(`${plan.name}/${name}`, () => [
    program('nsenter'),
    `--net=/run/netns/${netns}`,
    'env',
    `PATH=${searchPath(programs)}`,
  ]);
  return { ...shell, address };
}

/** Makes the place if this process is the first to ask; else waits until the first has made it. */
async function claimedOnce(folder: string, name: string, make: () => Promise<string>): Promise<string> {
  const ready = join(folder, name);
  const claim = `${ready}.claim`;
  try {
    await (await open(claim, 'wx')).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return eventually(`place ${name} to be made by another process`, { withinMs: 5_000, everyMs: 20 }, async () => {
      const text = await readFile(ready, 'utf8').catch(() => '');
      return text === '' ? notYet('it is not there') : yes(text.trim());
    });
  }
  try {
    const address = await make();
    await using file = await open(`${ready}.new`, 'w');
    await file.writeFile(`${address}\n`);
    await rename(`${ready}.new`, ready);
    return address;
  } catch (error) {
    await rm(claim, { force: true });
    throw error;
  }
}

async function claimAddress(folder: string, name: string): Promise<string> {
  const taken = new Set(await readdir(folder));
  for (let at = firstPlace; at <= lastPlace; at += 1) {
    const file = `address.${String(at)}`;
    if (taken.has(file)) continue;
    try {
      await using claim = await open(join(folder, file), 'wx');
      await claim.writeFile(name);
      return addressAt(labNetwork, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  throw new HarnessError('refused', `A lab has room for ${String(lastPlace - firstPlace + 1)} places; all are taken`);
}
