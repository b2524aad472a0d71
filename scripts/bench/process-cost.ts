import { readdirSync, readFileSync } from 'node:fs';

import { readyHelper } from '../../harness/util/exec-helper.ts';

/** What processes have used so far. */
export interface Usage {
  /** Of the processes themselves, in milliseconds. */
  readonly ownMs: number;
  /** Of their children that have ended, in milliseconds. */
  readonly childrenMs: number;
  /** What they keep in memory at this moment, in MiB; pages that they share count for each of them. */
  readonly residentMib: number;
}

/** Clock ticks are 10 ms on Linux (USER_HZ is 100), and pages 4 KiB. */
const tickMs = 10;
const pagesPerMib = 256;

/** @param stat the text of /proc/PID/stat: fields 14 to 17 are the times, 24 the resident pages */
export function usageOf(stat: string): Usage {
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const at = (field: number): number => fields[field - 3] ?? NaN;
  return {
    ownMs: (at(14) + at(15)) * tickMs,
    childrenMs: (at(16) + at(17)) * tickMs,
    residentMib: at(24) / pagesPerMib,
  };
}

/** @param pid `self` or a number. @throws when there is no such process */
export const readUsage = (pid: string): Usage => usageOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));

/** Of this process and of the small one that starts commands for it. */
export function harnessUsage(): Usage {
  const helper = readyHelper();
  const all = ['self', ...(helper === null ? [] : [String(helper.pid)])].map(readUsage);
  const sum = (of: (usage: Usage) => number): number => all.reduce((total, usage) => total + of(usage), 0);
  return {
    ownMs: sum(({ ownMs }) => ownMs),
    childrenMs: sum(({ childrenMs }) => childrenMs),
    residentMib: sum(({ residentMib }) => residentMib),
  };
}

/** The processes of this machine whose command line contains the text, by their ids. */
export function processesWith(text: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(text);
    } catch {
      return false; // It has ended.
    }
  });
}

/** The share of one core that was used between two looks, in percent. */
export const percentOf = (usedMs: number, overMs: number): number => (usedMs / overMs) * 100;
