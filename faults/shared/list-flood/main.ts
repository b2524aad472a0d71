import { text } from 'node:stream/consumers';

import { flood, type FloodOptions } from './flood.ts';

// Its token comes on standard input, where no list of processes shows it.
const stop = new AbortController();
for (const name of ['SIGTERM', 'SIGINT'] as const)
  process.on(name, () => {
    stop.abort();
  });
await flood(JSON.parse(await text(process.stdin)) as FloodOptions, stop.signal);
