// `npm run bench`: measures and prints; nothing here passes or fails.
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';

import { HarnessError, messageOf } from '../../harness/model/errors.ts';
import { named } from '../../harness/run/index.ts';
import { stopOnSignals } from '../../harness/util/stop-on-signals.ts';
import { wholeNumber } from '../whole-number.ts';
import type { Bench } from './bench.ts';
import { benchBoot } from './boot.ts';
import { benchFaults } from './faults.ts';
import type { Figure } from './figure.ts';
import { tableOf } from './figure.ts';
import { benchIdle } from './idle.ts';
import { benchJudge } from './judge.ts';
import { benchOutage } from './outage.ts';
import { benchRun } from './run.ts';
import { benchSkews } from './skews.ts';
import { runMain } from '../run-main.ts';

const parts: readonly { readonly name: string; readonly bench: Bench; readonly what: string }[] = [
  { name: 'boot', bench: benchBoot, what: 'a cluster of nine nodes up and down (3 times)' },
  { name: 'run', bench: benchRun, what: 'a chaos scenario from command to report, and its sample spacing (once)' },
  { name: 'outage', bench: benchOutage, what: 'the error of downtime against planted outages (20 of each length)' },
  {
    name: 'judge',
    bench: benchJudge,
    what: 'judging a stored run again, and a long one (5 times); the memory of an hour (once)',
  },
  { name: 'faults', bench: benchFaults, what: 'of each quick fault, until felt and until gone (3 times)' },
  {
    name: 'skew',
    bench: benchSkews,
    what: 'of the faults with several targets, how far apart these are hit (3 times)',
  },
  { name: 'idle', bench: benchIdle, what: 'what the harness costs when nothing is done (once)' },
];

const help = `Usage: npm run bench -- [options]

  --only a,b       only these parts:
${parts.map(({ name, what }) => `                     ${name.padEnd(8)} ${what}`).join('\n')}
  --times N        measure so often
  --faults a,b     only these faults, in the parts faults and skew; also those that take longer
  --clusters N     faults: on so many clusters side by side (1)
  --config FILE    faults, skew and idle: what to boot (kind-configs/three-zones.yaml)
  --cluster NAME   faults, skew and idle: on this cluster, which is up; by default each boots one and removes it
  --json FILE      every single value as well
`;

function flagsOf(argv: readonly string[]): { readonly [name: string]: string | boolean | undefined } {
  const text = { type: 'string' } as const;
  try {
    const where = { cluster: text, clusters: text, config: text } as const;
    const options = { only: text, times: text, json: text, faults: text, ...where } as const;
    return parseArgs({ args: [...argv], options: { ...options, help: { type: 'boolean' } } }).values;
  } catch (error) {
    throw new HarnessError('bad-input', `bench: ${messageOf(error)}`, { hint: 'npm run bench -- --help' });
  }
}

/** The machine as it is at this moment: a figure of a busy one says little. */
const machine = (): string =>
  `${new Date().toISOString()}, ${String(cpus().length)} processors, load average ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}`;

async function main(): Promise<number> {
  const flags = flagsOf(process.argv.slice(2));
  if (flags['help'] === true) {
    process.stdout.write(help);
    return 0;
  }
  const { only, json } = flags;
  const faults = typeof flags['faults'] === 'string' ? flags['faults'].split(',') : null;
  const cluster = typeof flags['cluster'] === 'string' ? flags['cluster'] : null;
  const wanted = typeof only === 'string' ? only.split(',').map((name) => named('benchmark', name, parts)) : parts;
  const times = flags['times'] === undefined ? null : wholeNumber(flags['times'], 1, '--times');
  const clusters = wholeNumber(flags['clusters'], 1, '--clusters');
  const config = typeof flags['config'] === 'string' ? flags['config'] : null;
  using stop = stopOnSignals((line) => {
    console.error(line);
  });
  const all: { readonly part: string; readonly machine: string; readonly figures: readonly Figure[] }[] = [];
  let failed = 0;
  for (const { name, bench } of wanted) {
    if (stop.signal.aborted) break;
    const before = machine();
    const say = (line: string): void => void process.stderr.write(`  ${line}\n`);
    try {
      const figures = await bench({ times, faults, cluster, clusters, config, signal: stop.signal, say });
      all.push({ part: name, machine: before, figures });
      console.log(`\n${name} (${before})\n\n${tableOf(figures)}`);
    } catch (error) {
      failed += 1;
      console.log(`\n${name} (${before}) could not be measured: ${messageOf(error)}`);
    }
  }
  if (typeof json === 'string') writeFileSync(json, JSON.stringify(all, null, 1));
  return failed === 0 && !stop.signal.aborted ? 0 : 3;
}

await runMain(main);
