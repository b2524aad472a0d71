import { mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';

import { lock } from 'proper-lockfile';

import { exec } from '../../util/exec.ts';

/** The settings of the machine that clusters raise, and to what. Counted for root over all nodes of all clusters. */
export const wantedSettings = {
  'fs.inotify.max_user_instances': 4_096,
  'fs.inotify.max_user_watches': 524_288,
} as const;
export type Setting = keyof typeof wantedSettings;

// Gone after a restart of the machine, as the settings are.
const folder = '/run/shakedown';
const record = `${folder}/host.json`;

/** What was changed on the machine, and for whom. */
export interface HostRecord {
  readonly clusters: readonly string[];
  readonly before: Partial<Record<Setting, number>>;
  /** Whether /run/netns became a mount point by the first cluster, as `ip netns add` makes it. */
  readonly mountedNetns: boolean;
}

const nothing: HostRecord = { clusters: [], before: {}, mountedNetns: false };
const fileOf = (setting: Setting): string => `/proc/sys/${setting.replaceAll('.', '/')}`;

export async function currentSetting(setting: Setting): Promise<number> {
  return Number(await readFile(fileOf(setting), 'utf8'));
}

export async function hostRecord(): Promise<HostRecord> {
  return readFile(record, 'utf8').then(
    (text) => JSON.parse(text) as HostRecord,
    () => nothing,
  );
}

/** Raises what is too small, after writing down how it was. @returns a sentence for each setting that was raised */
export async function claimHost(cluster: string): Promise<readonly string[]> {
  return alone(async () => {
    const known = await hostRecord();
    const raised: Partial<Record<Setting, number>> = {};
    for (const setting of Object.keys(wantedSettings) as Setting[]) {
      const current = await currentSetting(setting);
      if (current < wantedSettings[setting]) raised[setting] = current;
    }
    await store({
      clusters: [...new Set([...known.clusters, cluster])],
      // What the first cluster found counts.
      before: { ...raised, ...known.before },
      mountedNetns: known.mountedNetns || !(await isMounted('/run/netns')),
    });
    for (const setting of Object.keys(raised) as Setting[])
      await writeFile(fileOf(setting), String(wantedSettings[setting]));
    return (Object.keys(raised) as Setting[]).map(
      (setting) =>
        `${setting} raised from ${String(raised[setting])} to ${String(wantedSettings[setting])}; the last cluster's removal puts it back`,
    );
  });
}

/** Puts everything back when this was the last cluster. Idempotent. */
export async function releaseHost(cluster: string): Promise<void> {
  await alone(async () => {
    const known = await hostRecord();
    const clusters = known.clusters.filter((each) => each !== cluster);
    if (clusters.length > 0) {
      await store({ ...known, clusters });
      return;
    }
    for (const [setting, before] of Object.entries(known.before) as [Setting, number][]) {
      // Whoever changed it since knows better.
      if ((await currentSetting(setting)) === wantedSettings[setting]) await writeFile(fileOf(setting), String(before));
    }
    if (known.mountedNetns && (await isMounted('/run/netns'))) {
      // Only an empty folder is left alone by others.
      if ((await exec(['find', '/run/netns', '-mindepth', '1'])).stdout === '') {
        await exec(['umount', '/run/netns'], { allowFailure: true });
        await rmdir('/run/netns').catch(() => undefined);
      }
    }
    await rm(record, { force: true });
  });
  await rmdir(folder).catch(() => undefined);
}

async function store(value: HostRecord): Promise<void> {
  await writeFile(`${record}.new`, JSON.stringify(value));
  await rename(`${record}.new`, record);
}

async function isMounted(path: string): Promise<boolean> {
  return (await readFile('/proc/self/mounts', 'utf8')).split('\n').some((line) => line.split(' ')[1] === path);
}

async function alone<T>(work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  const release = await lock(folder, {
    lockfilePath: `${folder}.lock`,
    stale: 10_000,
    retries: { retries: 200, minTimeout: 20, maxTimeout: 200 },
  });
  try {
    return await work();
  } finally {
    await release();
  }
}
