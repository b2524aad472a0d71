import { fileURLToPath } from 'node:url';

import type { Running } from '../../../harness/model/cluster.ts';
import { HarnessError } from '../../../harness/model/errors.ts';
import type { Fault } from '../../../harness/model/fault.ts';
import { realInstruments, type Instruments } from '../../../harness/run/instruments.ts';
import { eventually, notYet, yes } from '../../../harness/util/eventually.ts';
import { endingWith } from './ending-with.ts';
import { otherCluster } from './other-cluster.ts';
import { bareFault } from '../../self/bare-fault.ts';

/** Free in the ledger's place, which has a network of its own. */
const port = 8_089;
const lies = ['drop', 'repeat', 'swap'] as const;

/** The program between the ledger and an API server, and what it said so far. */
class LyingApi {
  readonly said = new Set<string>();
  readonly #running: Running;

  constructor(running: Running) {
    this.#running = running;
    void this.#read();
  }

  async #read(): Promise<void> {
    for await (const line of this.#running.lines) this.said.add(line);
  }

  lie(): void {
    this.#running.kill('SIGUSR2');
  }

  async end(): Promise<void> {
    await this.#running[Symbol.asyncDispose]();
  }
}

/**
 * Plants an API server that lies to those who watch: the ledger gets one more way to the API, `api-liar`, which passes writes and
 * reads on as they are, and drops, repeats and swaps events of watches when the fault says so.
 */
export function lyingWatch(): { readonly fault: Fault<unknown, null>; readonly instruments: Instruments } {
  let liar: LyingApi | null = null;
  const instruments: Instruments = {
    ...realInstruments,
    measure: async (options) => {
      const { cluster, signal } = options;
      const place = await cluster.place('ledger');
      const [server] = cluster.facts.apiServers;
      if (server === undefined) throw new HarnessError('bug', 'the cluster has no API server');
      const program = fileURLToPath(new URL('lying-api.ts', import.meta.url));
      const argv = [process.execPath, program, server.url, cluster.kubeconfig, String(port)];
      const made = new LyingApi(place.spawn(argv, { signal }));
      liar = made;
      try {
        await eventually('the liar to listen', { withinMs: 10_000, everyMs: 50, signal }, () =>
          made.said.has('listening') ? yes(undefined) : notYet('it says nothing'),
        );
        const apiServers = [
          ...cluster.facts.apiServers,
          { node: 'liar', url: `http://${place.address}:${String(port)}` },
        ];
        const other = otherCluster(cluster, { facts: { ...cluster.facts, apiServers } });
        const measuring = await realInstruments.measure({ ...options, cluster: other });
        return endingWith(measuring, () => made.end());
      } catch (error) {
        await made.end();
        throw error;
      }
    },
  };
  return { instruments, fault: faultOn(() => liar) };
}

const faultOn = (liarOf: () => LyingApi | null) =>
  bareFault<null>({
    name: 'lying-watch',
    summary: 'Lets an API server leave out an event of a watch, tell one twice and let two change places.',
    minimumHoldMs: 1,
    plan: () => Promise.resolve(null),
    targets: () => ['api-liar'],
    impact: () => 'a watch through api-liar does not tell what happened',
    inject: () => {
      const liar = liarOf();
      if (liar === null) throw new HarnessError('bug', 'there is nothing that could lie');
      liar.lie();
      return Promise.resolve();
    },
    proveActive: ({ signal }) =>
      eventually('the three lies to be told', { withinMs: 5_000, everyMs: 50, signal }, () => {
        const open = lies.filter((lie) => liarOf()?.said.has(lie) !== true);
        return open.length === 0 ? yes('it dropped, repeated and swapped events') : notYet(`no ${open.join(', no ')}`);
      }),
    proveGone: () => Promise.resolve('nothing to undo: it lied once'),
  });
