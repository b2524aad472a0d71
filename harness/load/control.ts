import { fileURLToPath } from 'node:url';

import type { Place } from '../model/cluster.ts';
import { HarnessError } from '../model/errors.ts';
import type { LoadPath } from '../model/workload.ts';

/** The name of the path that never touches the cluster: what fails there is the harness's own doing. */
export const controlPath = 'control';
const port = 8090;
const serverFile = fileURLToPath(new URL('control-server.ts', import.meta.url));

export interface ControlTarget extends AsyncDisposable {
  readonly path: LoadPath;
}

/**
 * Starts the control target: an HTTP server that answers like the web workload, in a place beside the client's.
 * @throws HarnessError `command-failed` when it does not start
 */
export async function startControl(place: Place, signal: AbortSignal): Promise<ControlTarget> {
  const running = place.spawn([process.execPath, serverFile, String(port)], { signal });
  const lines = running.lines[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done === true || first.value !== 'listening') {
    await running[Symbol.asyncDispose]();
    signal.throwIfAborted();
    const said = first.done === true ? 'nothing' : first.value;
    throw new HarnessError(
      'command-failed',
      `The control target in ${place.name} did not start on port ${String(port)}; it said: ${said}`,
    );
  }
  // Its heartbeat must be read, or it would stand still once the pipe is full.
  const reading = drain(lines);
  return {
    path: { name: controlPath, url: `http://${place.address}:${String(port)}/` },
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]();
      await reading;
    },
  };
}

async function drain(lines: AsyncIterator<string>): Promise<void> {
  try {
    for (let next = await lines.next(); next.done !== true; next = await lines.next());
  } catch {
    // It was ended; its requests say the rest.
  }
}
