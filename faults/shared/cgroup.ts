import type { Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import { processesOf } from './processes.ts';
import { quoted } from '../../harness/util/shell-words.ts';

/** A control group as a folder, in the version in which the kernel offers that controller. */
export type Group = { readonly folder: string; readonly version: 1 | 2 };

export type Controller = 'cpu' | 'memory' | 'pids';

/** The group of a process by its /proc/PID/cgroup, whose lines are `number:controllers:path`; null where there is none. */
export function groupIn(text: string, controller: Controller): Group | null {
  const lines = text.split('\n').map((line) => /^\d+:([^:]*):(\/.*)$/.exec(line));
  const first = lines.find((line) => line?.[1]?.split(',').includes(controller));
  if (first?.[2] !== undefined) return { folder: `/sys/fs/cgroup/${controller}${trimmed(first[2])}`, version: 1 };
  const unified = lines.find((line) => line?.[1] === '');
  return unified?.[2] === undefined ? null : { folder: `/sys/fs/cgroup${trimmed(unified[2])}`, version: 2 };
}

const trimmed = (path: string): string => (path === '/' ? '' : path);

const isRoot = ({ folder }: Group): boolean =>
  folder.split('/').length <= 4 && /^\/sys\/fs\/cgroup(\/\w+)?$/.test(folder);

/** @throws HarnessError `refused` when the process is not alone of its name, or has no group but the root */
export async function groupOfService(
  shell: Shell,
  service: string,
  controller: Controller,
  signal: AbortSignal,
): Promise<Group> {
  const [found, ...others] = await processesOf(shell, service, signal);
  if (found === undefined || others.length > 0)
    throw new HarnessError('refused', `${shell.name} does not run exactly one ${service}`);
  const group = groupIn(await readText(shell, `/proc/${String(found.pid)}/cgroup`, signal), controller);
  if (group === null || isRoot(group))
    throw new HarnessError('refused', `${service} of ${shell.name} has no control group of its own for ${controller}`);
  return group;
}

/**
 * The group that holds the node's kubelet and its pods alike.
 * @throws HarnessError `refused` where only the machine's root does, or where our own commands would be limited too
 */
export async function groupOfNode(shell: Shell, controller: Controller, signal: AbortSignal): Promise<Group> {
  const { folder, version } = await groupOfService(shell, 'kubelet', controller, signal);
  const ancestors = folder.split('/').map((_, at, parts) => parts.slice(0, parts.length - at).join('/'));
  const candidates = ancestors.filter(
    (path) => !isRoot({ folder: path, version }) && path.length > '/sys/fs/cgroup'.length,
  );
  const look = `for g in ${candidates.map(quoted).join(' ')}; do
  for pods in kubepods kubepods.slice kubelet-kubepods.slice; do [ ! -d "$g/$pods" ] || { echo "$g"; exit 0; }; done
done`;
  const { stdout } = await shell.exec(['sh', '-c', look], { signal, timeoutMs: 10_000 });
  const found = stdout.trim();
  if (found === '')
    throw new HarnessError('refused', `${shell.name} has no ${controller} group that holds its kubelet and its pods`);
  const own = groupIn(await readText(shell, '/proc/self/cgroup', signal), controller);
  if (own !== null && `${own.folder}/`.startsWith(`${found}/`))
    throw new HarnessError(
      'refused',
      `Commands on ${shell.name} run inside ${found}: what limits it could not be undone`,
    );
  return { folder: found, version };
}

export async function readText(shell: Shell, path: string, signal: AbortSignal): Promise<string> {
  const { stdout } = await shell.exec(['cat', path], { signal, timeoutMs: 10_000 });
  return stdout.trim();
}

/** Writes a value to a file of a group; does nothing when the group is gone, as after a restart of the node. */
export const setScript = (folder: string, file: string, value: string): string =>
  `[ ! -d ${quoted(folder)} ] || printf '%s' ${quoted(value)} > ${quoted(`${folder}/${file}`)}\n`;

/** The value of a line `name value` of a statistics file; 0 where there is none. */
export const statistic = (text: string, name: string): number =>
  Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
