import { readFile, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

import { exec } from '../../util/exec.ts';
import { attachLocal } from './attach.ts';
import { choosePort } from './endpoint.ts';
import { currentSetting, hostRecord, wantedSettings, type Setting } from './host-settings.ts';
import { neededBytes } from './name-claim.ts';
import { stateRoot } from './paths.ts';
import { listClusters } from './state.ts';
import { messageOf } from '../../model/errors.ts';

/** One thing that a local cluster needs of the machine. */
export interface DoctorCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly wanted: string;
  /** What to do about it; empty when nothing has to be done. */
  readonly fix: string;
  /** When true, the first cluster puts it right and the removal of the last one puts it back. */
  readonly changedByUs: boolean;
}

/** Looks, and changes nothing. */
export async function doctorChecks(): Promise<readonly DoctorCheck[]> {
  const checks = await Promise.all([namespaces(), controllers(), overlay(), room(), port(), leftovers()]);
  const settings = await Promise.all((Object.keys(wantedSettings) as Setting[]).map(setting));
  return [system(), root(), ...checks, ...settings];
}

const check = (name: string, ok: boolean, found: string, wanted: string, fix: string): DoctorCheck => ({
  name,
  ok,
  found,
  wanted,
  fix: ok ? '' : fix,
  changedByUs: false,
});

function system(): DoctorCheck {
  const ok = process.platform === 'linux';
  return check('system', ok, process.platform, 'linux', 'use the kind provider, or a Linux machine');
}

function root(): DoctorCheck {
  const user = process.getuid?.();
  return check('user', user === 0, user === 0 ? 'root' : `user ${String(user)}`, 'root', 'sudo -E shakedown ...');
}

async function namespaces(): Promise<DoctorCheck> {
  const flags = ['--mount', '--uts', '--ipc', '--net', '--pid', '--fork'];
  const tried = await exec(['unshare', ...flags, 'true'], { allowFailure: true }).catch((error: unknown) => ({
    exitCode: 1,
    stderr: messageOf(error),
  }));
  const ok = tried.exitCode === 0;
  return check(
    'namespaces',
    ok,
    ok ? 'mount, uts, ipc, net and pid can be made' : tried.stderr,
    'mount, uts, ipc, net and pid namespaces',
    'run on the machine itself, not in an unprivileged container',
  );
}

const neededControllers = ['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'blkio', 'pids'] as const;

async function controllers(): Promise<DoctorCheck> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8').catch(() => '')).split('\n');
  const there = new Set(
    mounts
      .map((line) => line.split(' '))
      .filter(([, , type]) => type === 'cgroup')
      .flatMap(([, target = '']) => target.split('/').at(-1)?.split(',') ?? []),
  );
  const missing = neededControllers.filter((name) => !there.has(name));
  return check(
    'control groups',
    missing.length === 0,
    missing.length === 0 ? `version 1 with ${neededControllers.join(', ')}` : `version 1 lacks ${missing.join(', ')}`,
    `version 1 controllers ${neededControllers.join(', ')}`,
    'start the machine with systemd.unified_cgroup_hierarchy=0 on the kernel command line, or use the kind provider',
  );
}

async function overlay(): Promise<DoctorCheck> {
  const known = await readFile('/proc/filesystems', 'utf8').catch(() => '');
  const ok = /\boverlay$/m.test(known);
  return check('overlay file system', ok, ok ? 'known to the kernel' : 'unknown', 'overlay', 'modprobe overlay');
}

async function room(): Promise<DoctorCheck> {
  const folder = await nearestFolder(stateRoot());
  const { bavail, bsize } = await statfs(folder);
  const giga = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
  return check(
    'disk',
    bavail * bsize >= neededBytes,
    `${giga(bavail * bsize)} free for ${stateRoot()}`,
    `${giga(neededBytes)} free`,
    'make room, or set SHAKEDOWN_STATE to a folder on another disk',
  );
}

async function nearestFolder(path: string): Promise<string> {
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await statfs(folder).catch(() => null);
    if (found !== null || folder === '/') return folder;
  }
}

async function port(): Promise<DoctorCheck> {
  const found = await choosePort(0).then(
    (free) => `free, such as ${String(free)}`,
    (error: unknown) => messageOf(error),
  );
  return check('port', found.startsWith('free'), found, 'a free port of 127.0.0.1', 'end what holds every port');
}

/** Clusters whose state is stale, and what the record of the machine's settings says of clusters that are gone. */
async function leftovers(): Promise<DoctorCheck> {
  const names = await listClusters();
  const dead: string[] = [];
  for (const name of names)
    await attachLocal(name).catch((error: unknown) => {
      if (!messageOf(error).includes('is being made')) dead.push(name);
    });
  for (const name of (await hostRecord()).clusters) if (!names.includes(name) && !dead.includes(name)) dead.push(name);
  return check(
    'leftovers',
    dead.length === 0,
    dead.length === 0 ? `none; ${String(names.length)} clusters running` : `of dead clusters: ${dead.join(', ')}`,
    'none',
    dead.map((name) => `shakedown down ${name}`).join('; '),
  );
}

async function setting(name: Setting): Promise<DoctorCheck> {
  const current = await currentSetting(name).catch(() => 0);
  const { before } = await hostRecord();
  const was = before[name];
  const raised = was === undefined ? '' : `, raised from ${String(was)} until the last cluster is removed`;
  return {
    name,
    ok: current >= wantedSettings[name],
    found: `${String(current)}${raised}`,
    wanted: `at least ${String(wantedSettings[name])}, for the machine's root counts once for all nodes`,
    fix: current >= wantedSettings[name] ? '' : `nothing: raised by the first cluster, put back by the last`,
    changedByUs: true,
  };
}
