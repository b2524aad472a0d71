import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { HarnessError } from '../../../harness/model/errors.ts';
import type { Fault } from '../../../harness/model/fault.ts';
import { realInstruments, type Instruments } from '../../../harness/run/instruments.ts';
import { eventually, notYet, yes } from '../../../harness/util/eventually.ts';
import { endingWith } from './ending-with.ts';
import { otherCluster } from './other-cluster.ts';
import { Relay } from './relay.ts';
import { bareFault } from '../../self/bare-fault.ts';

const addressPattern = /server: https:\/\/([^:/\s]+):(\d+)/;

/** A kubeconfig that leads through the relay; the certificate of the server holds for the loopback's address. */
async function through(kubeconfig: string, directory: string): Promise<{ relay: Relay; file: string }> {
  const text = readFileSync(kubeconfig, 'utf8');
  const [, host, port] = addressPattern.exec(text) ?? [];
  if (host === undefined || port === undefined)
    throw new HarnessError('bug', `${kubeconfig}: expected a server with a port`);
  const relay = await Relay.to({ host, port: Number(port) });
  const file = join(directory, 'kubeconfig');
  writeFileSync(file, text.replace(addressPattern, `server: https://127.0.0.1:${String(relay.port)}`), { mode: 0o600 });
  return { relay, file };
}

/**
 * Plants a blind recorder: the instruments reach the API through a relay of their own, and the fault cuts it for good. The
 * gaps are those that the recorder itself writes when its watches break; the cluster and the faults keep their API.
 */
export function blindRecorder(): { readonly fault: Fault<unknown, null>; readonly instruments: Instruments } {
  let relay: Relay | null = null;
  const instruments: Instruments = {
    ...realInstruments,
    measure: async (options) => {
      const directory = mkdtempSync(join(tmpdir(), 'blind-recorder-'));
      const made = await through(options.cluster.kubeconfig, directory);
      relay = made.relay;
      const end = (): void => {
        made.relay[Symbol.dispose]();
        rmSync(directory, { recursive: true, force: true });
      };
      try {
        const cluster = otherCluster(options.cluster, { kubeconfig: made.file });
        const measuring = await realInstruments.measure({ ...options, cluster });
        return endingWith(measuring, end);
      } catch (error) {
        end();
        throw error;
      }
    },
  };
  return { instruments, fault: faultOn(() => relay) };
}

const faultOn = (relayOf: () => Relay | null) =>
  bareFault<null>({
    name: 'blind-recorder',
    summary: 'Cuts every connection of the recorder of the run itself, and lets it make no other.',
    minimumHoldMs: 1,
    plan: () => Promise.resolve(null),
    targets: () => ['recorder'],
    impact: () => 'no watch delivers any more',
    inject: () => {
      const relay = relayOf();
      if (relay === null || relay.open === 0) throw new HarnessError('bug', 'the recorder does not use the relay');
      relay.cut();
      return Promise.resolve();
    },
    proveActive: ({ signal }) =>
      eventually('the recorder to have no connection', { withinMs: 5_000, signal }, () => {
        const relay = relayOf();
        if (relay === null || relay.listens) return notYet('the relay still listens');
        return relay.open === 0
          ? yes('no connection of the recorder is left')
          : notYet(`${String(relay.open)} are left`);
      }),
    proveGone: () => Promise.resolve('nothing to undo: the recorder ends with the run'),
  });
