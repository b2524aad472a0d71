import { readFile } from 'node:fs/promises';

import type { Cluster, Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';

/** A program of this repository that runs on a node while a fault is there. */
export interface NodeProgram {
  readonly name: string;
  readonly folder: string;
}

/** @throws HarnessError `refused` where the cluster offers none; `toolchain` when it cannot be built */
export async function buildForNodes(cluster: Cluster, program: NodeProgram, signal: AbortSignal): Promise<string> {
  const path = await cluster.buildProgram?.(program, signal);
  if (path === undefined)
    throw new HarnessError('refused', `No program can be built for the nodes of ${cluster.facts.name}`);
  return path;
}

/** Copies a file to a node and makes it executable, through the shell alone. */
export async function layOnNode(shell: Shell, file: string, target: string, signal: AbortSignal): Promise<void> {
  const script = 'mkdir -p "${1%/*}" && base64 -d > "$1.new" && chmod 755 "$1.new" && mv "$1.new" "$1"';
  const input = await readFile(file, 'base64');
  await shell.exec(['sh', '-c', script, 'lay', target], { input, signal, timeoutMs: 60_000 });
}
