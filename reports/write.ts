import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes one file of a report whole or not at all: a reader never sees half of it. @returns its path */
export async function writeReport(directory: string, name: string, text: string): Promise<string> {
  const path = join(directory, name);
  const partial = `${path}.${String(process.pid)}.partial`;
  await mkdir(directory, { recursive: true });
  await writeFile(partial, text);
  await rename(partial, path);
  return path;
}
