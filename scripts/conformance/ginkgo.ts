import { appendFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import type { Place } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { Options } from './options.ts';
import type { ConformancePrograms } from './programs.ts';
import { specName } from './spec-name.ts';
import { countsIn, SpecStream, type SpecOutcome } from './spec-stream.ts';

/** Where the tests run and what they are told. */
export interface Suite {
  readonly place: Place;
  readonly programs: ConformancePrograms;
  readonly options: Options;
  readonly kubectl: string;
  readonly kubeconfig: string;
  /** Of the worker nodes. */
  readonly nodes: number;
  /** Of the tests' own kubectl, which keeps there what it learns of the API. */
  readonly home: string;
  /** For reports and logs. */
  readonly directory: string;
}

/** Ginkgo ends its specs within this after it is interrupted, or is killed; the cluster goes away all the same. */
const graceMs = 40_000;

/** Ginkgo's test processes are interrupted only by a signal of their own: the whole group gets it, as from a terminal. */
const inGroup = ['sh', '-c', `trap 'trap "" TERM; kill -TERM 0' TERM; "$@" & wait; wait`, 'ginkgo'] as const;

/** The labels are those that the framework of the tests gives: [Conformance] and [Serial] in their names. */
const selection = ({ focus, serial }: Options): readonly string[] => [
  `--label-filter=Conformance${serial ? '' : ' && !Serial'}`,
  ...(focus === null ? [] : [`--focus=${focus}`]),
];

/** The names of the specs that are selected; nothing is asked of the cluster. @throws HarnessError `bad-input` when there is none */
export async function selectedSpecs(
  { place, programs, options }: Suite,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const argv = [programs.ginkgo, 'run', '--dry-run', '-v', '--no-color', ...selection(options), programs.e2e];
  const { stdout } = await place.exec([...argv, '--', '--provider=skeleton'], { signal, timeoutMs: 300_000 });
  const names = namesIn(stdout);
  if (names.length === 0)
    throw new HarnessError(
      'bad-input',
      `--focus: expected a match of a conformance spec, found none: '${options.focus ?? ''}'`,
    );
  return names;
}

/** The spec names of a dry run in one process: the line after each rule of dashes. */
export function namesIn(output: string): readonly string[] {
  const found = output.matchAll(/^-{10,}\n(\[sig-.*\[Conformance\].*)$/gm);
  return [...new Set([...found].map(([, name = '']) => specName(name)))].sort();
}

/**
 * Runs the selected specs and tells each as it ends. When the signal aborts, ginkgo is interrupted and those that have ended count.
 * @returns what ginkgo itself counted, or null when it did not come to its end
 */
export async function runSpecs(
  suite: Suite,
  signal: AbortSignal,
  onEnded: (outcome: SpecOutcome) => void,
): Promise<ReturnType<typeof countsIn>> {
  const { place, programs, options, directory } = suite;
  const ginkgo = [
    ...[programs.ginkgo, 'run', '-v', '--no-color', `--procs=${String(options.procs)}`],
    // The limit is the caller's signal: what it cuts off can be told from a spec that took too long.
    ...['--timeout=24h', '--grace-period=10s'],
    ...['--junit-report=junit.xml', `--output-dir=${directory}`, ...selection(options), programs.e2e],
  ];
  const tests = [
    ...['--provider=skeleton', `--kubeconfig=${suite.kubeconfig}`, `--kubectl-path=${suite.kubectl}`],
    ...['--disable-log-dump', `--num-nodes=${String(suite.nodes)}`],
  ];
  await using running = place.spawn([...inGroup, ...ginkgo, '--', ...tests], { env: { HOME: suite.home } });
  const interrupt = (): void => {
    running.kill('SIGTERM');
    void delay(graceMs, undefined, { ref: false }).then(() => {
      running.kill('SIGKILL');
    });
  };
  signal.addEventListener('abort', interrupt, { once: true });
  if (signal.aborted) interrupt();
  const stream = new SpecStream();
  let counts: ReturnType<typeof countsIn> = null;
  for await (const line of running.lines) {
    await appendFile(`${directory}/ginkgo.log`, `${line}\n`);
    counts = countsIn(line) ?? counts;
    const outcome = stream.read(line);
    if (outcome !== null) onEnded(outcome);
  }
  signal.removeEventListener('abort', interrupt);
  return counts;
}
