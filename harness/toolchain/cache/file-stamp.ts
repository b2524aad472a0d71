import { stat } from 'node:fs/promises';

/** What tells cheaply whether a file is still the one that was looked at: size in bytes, time of change in ms. */
export interface FileStamp {
  readonly size: number;
  readonly mtimeMs: number;
}

/** The stamp of a file or folder, or null where there is none. Symbolic links are followed. */
export async function stampOf(path: string): Promise<FileStamp | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, mtimeMs };
  } catch {
    return null;
  }
}

export function sameStamp(one: FileStamp, other: FileStamp): boolean {
  return one.size === other.size && one.mtimeMs === other.mtimeMs;
}
