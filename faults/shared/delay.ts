import type { Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { FaultContext } from '../../harness/model/fault.ts';
import { startNetfault, stopNetfaultScript } from './netfault.ts';

/** Packets that are held back on a node, each for the same time. */
export type Delay = {
  readonly delayMs: number;
  /**
   * `netem` holds back all that leaves the link; `nfqueue` hands the packets of the matches (iptables' words, after the name
   * of a chain of the table mangle) to a program of ours, and lets them pass when it is gone.
   */
  readonly mechanism: { readonly netem: string } | { readonly nfqueue: readonly string[] };
};

/** Tried in a network of its own, which is gone with the command. */
const scratch = (command: string): readonly string[] => ['unshare', '--net', 'sh', '-c', command];
const netemTrial = scratch('ip link set lo up && tc qdisc add dev lo root netem delay 1ms');
const nfqueueTrial = scratch('iptables -t mangle -A PREROUTING -j NFQUEUE --queue-num 1 --queue-bypass');

const works = async (shell: Shell, trial: readonly string[], signal: AbortSignal): Promise<boolean> =>
  (await shell.exec(trial, { signal, timeoutMs: 10_000, allowFailure: true })).exitCode === 0;

/** What the kernel of the node can do. @throws HarnessError `refused` when it has neither */
export async function delayMechanism(shell: Shell, signal: AbortSignal): Promise<'netem' | 'nfqueue'> {
  if (await works(shell, netemTrial, signal)) return 'netem';
  if (await works(shell, nfqueueTrial, signal)) return 'nfqueue';
  throw new HarnessError(
    'refused',
    `The kernel of ${shell.name} can hold back no packets: it has neither the netem queue nor the NFQUEUE target`,
  );
}

/** Only the queue of a program picks out packets. @throws HarnessError `refused` where the kernel has none */
export async function requireQueue(shell: Shell, signal: AbortSignal): Promise<void> {
  if (await works(shell, nfqueueTrial, signal)) return;
  throw new HarnessError(
    'refused',
    `The kernel of ${shell.name} cannot hold back chosen packets: it has no NFQUEUE target for iptables`,
  );
}

/** Two injections on one node have queues of their own. */
const queueOf = (mark: string): number =>
  1_000 + Array.from(mark, (char) => char.charCodeAt(0)).reduce((sum, code) => (sum * 31 + code) % 50_000, 7);

const ruleOf = (match: string, mark: string): string =>
  `${match} -m comment --comment shakedown_${mark} -j NFQUEUE --queue-num ${String(queueOf(mark))} --queue-bypass`;

/** @throws HarnessError `command-failed` | `toolchain` */
export async function startDelay(context: FaultContext, node: string, delay: Delay): Promise<void> {
  const { cluster, mark, signal } = context;
  const shell = cluster.node(node);
  const { mechanism, delayMs } = delay;
  if ('netem' in mechanism) {
    const argv = ['tc', 'qdisc', 'add', 'dev', mechanism.netem, 'root', 'handle', netemHandle, 'netem'];
    await shell.exec([...argv, 'limit', '100000', 'delay', `${String(delayMs)}ms`], { signal, timeoutMs: 10_000 });
    return;
  }
  const queue = String(queueOf(mark));
  const bound = `grep -q "^ *${queue} " /proc/net/netfilter/nfnetlink_queue`;
  await startNetfault(context, node, ['delay', queue, String(delayMs)], bound);
  const rules = mechanism.nfqueue.map((match) => `iptables -w 5 -t mangle -A ${ruleOf(match, mark)}`);
  await shell.exec(['sh', '-c', rules.join(' && ')], { signal, timeoutMs: 20_000 });
}

const netemHandle = '5d5d:';

/** Undoes it: first no new packet is held back, then those that are go their way, then the program ends. */
export function stopDelayScript({ mechanism, delayMs }: Delay, mark: string): string {
  if ('netem' in mechanism) {
    const show = `tc qdisc show dev ${mechanism.netem} | grep -q '^qdisc netem ${netemHandle}'`;
    return `if ${show}; then tc qdisc del dev ${mechanism.netem} root; fi\n! ${show}\n`;
  }
  const removals = mechanism.nfqueue.map(
    (match) =>
      `for i in 1 2 3; do iptables -w 5 -t mangle -D ${ruleOf(match, mark)} 2> /dev/null && held=1 || break; done\n`,
  );
  const wait = `[ "$held" = 0 ] || sleep ${(delayMs / 1_000 + 0.1).toFixed(1)}\n`;
  const left = `! iptables -w 5 -t mangle -S | grep -q shakedown_${mark}\n`;
  return `held=0\n${removals.join('')}${wait}${stopNetfaultScript(mark)}${left}`;
}
