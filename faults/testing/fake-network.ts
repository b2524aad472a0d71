import { FakeFilters } from './fake-filters.ts';
import type { Answer } from './fake-shell.ts';

/** The name servers, as kubeadm names them. */
const dnsAddress = '10.96.0.10';
const dnsPods = [
  { name: 'coredns-a', node: 'w1', address: '10.1.1.1' },
  { name: 'coredns-b', node: 'w2', address: '10.1.2.1' },
];

/** What lies between the nodes: the packet filters of each, and whether a connection gets through them. */
export class FakeNetwork {
  readonly #filters: ReadonlyMap<string, FakeFilters>;
  readonly #addressOf: (node: string) => string;
  /** What shapes the traffic that leaves a node's link, in tc's words. */
  readonly #queues = new Map<string, string>();
  /** The addresses that take no connection. */
  readonly silent = new Set<string>();
  #deaf = false;

  constructor(nodes: readonly string[], addressOf: (node: string) => string) {
    this.#filters = new Map(nodes.map((name) => [name, new FakeFilters()]));
    this.#addressOf = addressOf;
  }

  /** From now on what is installed does nothing. */
  disconnect(): void {
    this.#deaf = true;
    for (const filters of this.#filters.values()) filters.deaf = true;
  }

  changes(): readonly string[] {
    const tables = [...this.#filters].flatMap(([node, filters]) =>
      filters.tables.map((table) => `${node} has the table ${table}`),
    );
    return [...tables, ...[...this.#queues].map(([node, queue]) => `the link of ${node} has ${queue}`)];
  }

  /** Undefined for what is no business of the network. */
  answer(node: string, command: string, input: string): Answer | undefined {
    if (command.includes('TCPSynRetrans')) return this.#connectMany(node, command);
    if (command.includes('tx_bytes')) return this.#sends(node);
    if (command.includes('for i in 1 2 3;')) return this.#sendThree(node, command);
    if (command.includes('/dev/udp/')) return this.#askDns(node, /\/dev\/udp\/([\d.]+)\//.exec(command)?.[1] ?? '');
    if (command.startsWith('unshare --net')) return '';
    if (command.includes('tc qdisc')) return this.#shape(node, command);
    if (command.startsWith('ip route get')) return '10.0.0.9 dev eth0 src 10.0.0.8 uid 0';
    return this.#of(node).answer(command, input);
  }

  /** How much of 100 and of 4000 bytes to a pod is stuck; undefined for anything else. */
  answerStuck(command: string): Answer | undefined {
    if (!command.includes('tx_queue')) return undefined;
    if (this.silent.has(/\/dev\/tcp\/([\d.]+)\//.exec(command)?.[1] ?? '')) return { exitCode: 1 };
    const packet = { from: '10.0.0.9', to: '10.1.0.1', port: 8_080, sourcePort: 40_000 };
    const lost = [...this.#filters.values()].filter((filters) => !filters.passes('forward', packet));
    return `tx_queue 0 ${lost.length > 0 ? '4000' : '0'}`;
  }

  #sendThree(from: string, command: string): Answer {
    const [, address, port] = /\/dev\/udp\/([\d.]+)\/(\d+)/.exec(command) ?? [];
    const to = [...this.#filters.keys()].find((name) => this.#addressOf(name) === address) ?? from;
    for (let sent = 0; sent < 3; sent += 1) this.reaches(from, to, Number(port));
    return '';
  }

  #askDns(from: string, address: string): Answer {
    const packet = { from: this.#addressOf(from), to: address, port: 53, sourcePort: 40_000 };
    const host = dnsPods.find((pod) => pod.address === address)?.node;
    const leaves = this.#of(from).passes('output', packet);
    const arrives = host === undefined || this.#of(host).passes('postrouting', packet);
    return leaves && arrives ? '0 900' : { exitCode: 1 };
  }

  #shape(node: string, command: string): Answer {
    const [, handle = '', added] = / add dev \S+ root handle (\S+) (.*)/.exec(command) ?? [];
    if (command.includes(' del ')) this.#queues.delete(node);
    else if (added !== undefined && !this.#deaf)
      this.#queues.set(node, `${added.split(' ')[0] ?? ''} ${handle} root ${added}`);
    return `qdisc ${this.#queues.get(node) ?? 'noqueue 0: root refcnt 2'}`;
  }

  /** What left the link in a second, that second in microseconds, and what was sent. */
  #sends(node: string): Answer {
    const kbit = Number(/rate (\d+)kbit/.exec(this.#queues.get(node) ?? '')?.[1] ?? 900_000);
    return `${String(kbit * 125)} 1000000 112500000`;
  }

  #delayMs = (...nodes: readonly string[]): number =>
    nodes.reduce((sum, node) => sum + Number(/delay (\d+)ms/.exec(this.#queues.get(node) ?? '')?.[1] ?? 0), 0);

  /** A connection whose first packet is lost is open a second later. */
  #connectMany(from: string, command: string): Answer {
    const address = /\/dev\/tcp\/([\d.]+)\//.exec(command)?.[1] ?? '';
    const count = Number(/seq (\d+)/.exec(command)?.[1]);
    const to = [...this.#filters.keys()].find((name) => this.#addressOf(name) === address) ?? from;
    const open = Array.from({ length: count }, () => this.reaches(from, to, 10_250));
    const addedUs = (from === to ? 0 : this.#delayMs(from, to)) * 1_000;
    const lines = open.map((passed) => `took ${String(addedUs + (passed ? 300 : 1_003_000))}`);
    return [...lines, `retransmitted ${String(open.filter((passed) => !passed).length)}`].join('\n');
  }

  /** Undefined for what is no business of the network. */
  answerApi(path: string): unknown {
    if (path.endsWith('/services/kube-dns')) return { spec: { clusterIP: dnsAddress } };
    if (path !== '/api/v1/namespaces/kube-system/pods') return undefined;
    const items = dnsPods.map(({ name, node, address }) => ({
      metadata: { name, namespace: 'kube-system' },
      spec: { nodeName: node },
      status: { podIP: address, conditions: [{ type: 'Ready', status: 'True' }] },
    }));
    return { metadata: { resourceVersion: '1' }, items };
  }

  /** A connection is a packet there and one back. */
  reaches(from: string, to: string, port: number): boolean {
    if (from === to) return true;
    const there = { from: this.#addressOf(from), to: this.#addressOf(to), port, sourcePort: 40_000 };
    const back = { from: there.to, to: there.from, port: 40_000, sourcePort: port };
    return this.#crosses(from, there, to) && this.#crosses(to, back, from);
  }

  #crosses(from: string, packet: Parameters<FakeFilters['passes']>[1], to: string): boolean {
    return this.#of(from).passes('postrouting', packet) && this.#of(to).passes('prerouting', packet);
  }

  #of(node: string): FakeFilters {
    const found = this.#filters.get(node);
    if (found === undefined) throw new Error(`no node ${node}`);
    return found;
  }
}
