import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const mount = '/sys/fs/cgroup';
const parent = 'shakedown';

/** The control group of a cluster or of a node below it, the same in every hierarchy. */
export const cgroupOf = (...parts: readonly string[]): string => `/${[parent, ...parts].join('/')}`;

/** The hierarchies of this machine: one for each v1 controller, and the unified one where there is one. */
export async function hierarchies(): Promise<readonly string[]> {
  const text = await readFile('/proc/self/mounts', 'utf8');
  return text
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, target = '', type]) => (type === 'cgroup' || type === 'cgroup2') && target.startsWith(`${mount}/`))
    .map(([, target = '']) => target);
}

/** Makes the groups in every hierarchy. New cpuset groups are empty and take no process: they inherit from the parent. */
export async function makeCgroups(groups: readonly string[]): Promise<void> {
  const all = await hierarchies();
  for (const hierarchy of all) {
    const top = join(hierarchy, parent);
    await mkdir(top, { recursive: true });
    if (hierarchy.split('/').at(-1)?.split(',').includes('cpuset') === true) {
      for (const file of ['cpuset.cpus', 'cpuset.mems'])
        await writeFile(join(top, file), await readFile(join(hierarchy, file)));
      await writeFile(join(top, 'cgroup.clone_children'), '1');
    }
  }
  await Promise.all(
    all.flatMap((hierarchy) => groups.map((group) => mkdir(join(hierarchy, group), { recursive: true }))),
  );
}

/** The group and all below it, deepest first. */
async function tree(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  const below = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map((entry) => tree(join(path, entry.name))),
  );
  return [...below.flat(), path];
}

const exists = async (path: string): Promise<boolean> =>
  readdir(path).then(
    () => true,
    () => false,
  );

/** The processes in the group or below it, in any hierarchy. */
export async function processesIn(group: string): Promise<readonly number[]> {
  const pids = new Set<number>();
  for (const hierarchy of await hierarchies()) {
    if (!(await exists(join(hierarchy, group)))) continue;
    for (const path of await tree(join(hierarchy, group))) {
      const text = await readFile(join(path, 'cgroup.procs'), 'utf8').catch(() => '');
      for (const line of text.split('\n')) if (line !== '') pids.add(Number(line));
    }
  }
  pids.delete(0);
  return [...pids];
}

/** Lets frozen processes go on, for a frozen one does not even die. */
export async function thaw(group: string): Promise<void> {
  for (const hierarchy of await hierarchies()) {
    if (!hierarchy.endsWith('freezer')) continue;
    for (const path of await tree(join(hierarchy, group)))
      await writeFile(join(path, 'freezer.state'), 'THAWED').catch(() => undefined);
  }
}

/** Removes the group and all below it from every hierarchy. @returns what could not be removed */
export async function removeCgroups(group: string): Promise<readonly string[]> {
  const left: string[] = [];
  for (const hierarchy of await hierarchies()) {
    if (!(await exists(join(hierarchy, group)))) continue;
    for (const path of await tree(join(hierarchy, group)))
      await rmdir(path).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') left.push(path);
      });
  }
  return left;
}

/** Removes the common parent where no other cluster uses it. */
export async function removeEmptyParent(): Promise<void> {
  for (const hierarchy of await hierarchies()) await rmdir(join(hierarchy, parent)).catch(() => undefined);
}
