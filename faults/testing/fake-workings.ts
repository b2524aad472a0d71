import { FakeDisk } from './fake-disk.ts';
import { FakeGroups } from './fake-groups.ts';
import { FakeProgram } from './fake-program.ts';
import type { Call } from './fake-api.ts';
import { FakeServices } from './fake-services.ts';
import type { Answer } from './fake-shell.ts';
import { FakeStall } from './fake-stall.ts';

export const serviceAddress = '10.96.0.1';

/** What runs on one node beside the kubelet: the runtime with its containers, and kube-proxy with its rules. */
class Workings {
  readonly containerd = new FakeProgram('containerd', 4141, 0);
  readonly kubeProxy = new FakeProgram('kube-proxy', 6464, 10_256);
  readonly stall = new FakeStall();
  readonly groups = new FakeGroups();
  readonly disk = new FakeDisk();
  deaf = false;
  flushed = false;

  get programs(): readonly FakeProgram[] {
    return [this.containerd, this.kubeProxy];
  }

  get isTouched(): boolean {
    return (
      this.flushed ||
      this.stall.stalled ||
      this.disk.full ||
      this.groups.set.size > 0 ||
      this.programs.some(({ state }) => state !== 'S')
    );
  }

  answer(command: string, boots: number): Answer | undefined {
    if (command.includes('ctr --address')) return this.containerd.state === 'S' ? 'Server:' : { exitCode: 124 };
    if (command.includes('containerd-shim')) return `901 S 5${String(boots)}0\n902 S 5${String(boots)}1\n`;
    if (command.includes('boot_id')) return `the-boot-id\n${String(boots)}`;
    const onRules =
      this.stall.answer(command) ?? this.groups.answer(command) ?? this.disk.answer(command) ?? this.#rules(command);
    if (onRules !== undefined) return onRules;
    for (const program of this.programs) {
      const answer = program.answer(command);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  #rules(command: string): Answer | undefined {
    if (command.includes('rules.new')) this.flushed = !this.deaf;
    else if (command.includes('iptables-restore')) this.flushed = false;
    else if (command.includes('iptables-save')) return this.flushed ? '0' : '12';
    else if (command.includes('systemctl cat')) return '';
    else if (command.includes(`/dev/tcp/${serviceAddress}/`)) return this.flushed ? { exitCode: 124 } : '';
    else return undefined;
    return '';
  }
}

/** The insides of every node, as far as the faults of area `node` look. */
export class FakeWorkings {
  readonly #nodes: ReadonlyMap<string, Workings>;
  readonly services = new FakeServices();

  constructor(names: readonly string[]) {
    this.#nodes = new Map(names.map((name) => [name, new Workings()]));
  }

  /** Undefined for what is no business of the node's insides. @param boots how often it was switched on again */
  answer(node: string, command: string, boots: number): Answer | undefined {
    const workings = this.#nodes.get(node);
    const onTrial = this.services.answer(node, command, workings?.kubeProxy.state === 'S');
    return onTrial ?? workings?.answer(command, boots);
  }

  answerApi(path: string, call: Call): unknown {
    const [, node = ''] = /nodes\/(\w+)\/proxy\/debug\/pprof\/goroutine$/.exec(path) ?? [];
    if (node !== '') return this.#nodes.get(node)?.stall.stacks;
    if (path !== '/api/v1/namespaces/default/services/kubernetes') return this.services.answerApi(path, call);
    return { spec: { clusterIP: serviceAddress, ports: [{ port: 443 }] } };
  }

  changes(): readonly string[] {
    const touched = [...this.#nodes].filter(([, { isTouched }]) => isTouched);
    return [...touched.map(([name]) => `the workings of ${name} are touched`), ...this.services.changes()];
  }

  disconnect(): void {
    for (const node of this.#nodes.values()) {
      node.deaf = true;
      for (const part of [node.stall, node.groups, node.disk]) part.deaf = true;
      for (const program of node.programs) program.deaf = true;
    }
  }
}
