import type { Answer } from './fake-shell.ts';

interface Member {
  readonly node: string;
  readonly id: string;
  /** The nft tables on its node, and its process. */
  readonly tables: Set<string>;
  process: { startedAt: number; state: 'S' | 'T' } | null;
}

/** An etcd whose members elect as the real ones do: at once, in the next term, when a majority can talk. */
export class FakeEtcd {
  readonly members: Member[];
  /** What a broken injector would leave undone. */
  deaf = false;
  #leader: Member | undefined;
  #term = 2;

  constructor(nodes: readonly string[], leader: string) {
    this.members = nodes.map((node, index) => ({
      node,
      id: `1780188275691495932${String(index)}`,
      tables: new Set(),
      process: { startedAt: 1_000 + index, state: 'S' },
    }));
    this.#leader = this.members.find(({ node }) => node === leader);
  }

  get leader(): string | undefined {
    return this.#leader?.node;
  }

  member(node: string): Member {
    const found = this.members.find((member) => member.node === node);
    if (found === undefined) throw new Error(`no member on ${node}`);
    return found;
  }

  /** Moves the leadership, as an election would. */
  lead(node: string): void {
    this.#leader = this.member(node);
    this.#term += 1;
  }

  /** What differs from untouched members; who leads is no difference. */
  changes(): readonly string[] {
    return this.members.flatMap(({ node, process, tables }) => [
      ...(process?.state === 'S' ? [] : [`etcd on ${node} does not run`]),
      ...[...tables].map((table) => `${node} has the table ${table}`),
    ]);
  }

  answer(node: string, command: string, input: string): Answer {
    const member = this.member(node);
    if (command.includes('endpoint status')) return this.#status(member);
    if (command.includes('member list')) return this.#list();
    if (command.includes('move-leader')) return this.#move(command.split(' ').at(-1) ?? '');
    if (command.includes('--consistency=')) return this.#read(member, command.includes('=l'));
    if (command.startsWith('nft -f')) return this.#install(member, input);
    if (command.startsWith('nft list')) return this.#table(member, command.split(' ').at(-1) ?? '');
    if (command.includes('kill -CONT')) return this.#undo(member, command);
    if (command.includes('kill -')) return this.#signal(member, command);
    if (command.includes('/stat')) return processLine(member);
    return { exitCode: 127, stderr: `unexpected: ${command}` };
  }

  #talks = ({ process, tables }: Member): boolean => process?.state === 'S' && tables.size === 0;

  #elect(): void {
    const able = this.members.filter(this.#talks);
    if (this.#leader !== undefined && able.includes(this.#leader)) return;
    const [next] = able.length > this.members.length / 2 ? able : [];
    if (next !== undefined) this.#term += 1;
    this.#leader = next;
  }

  #status(member: Member): Answer {
    if (member.process?.state !== 'S') return { exitCode: 1, stderr: 'context deadline exceeded' };
    const leader = this.#talks(member) ? (this.#leader?.id ?? '0') : '0';
    return `[{"Endpoint":"x","Status":{"header":{"member_id":${member.id}},"leader":${leader},"raftTerm":${String(this.#term)},"raftAppliedIndex":90}}]`;
  }

  /** What a member has itself, or, with a leader, what a majority has. */
  #read(member: Member, agreed: boolean): Answer {
    const able = member.process?.state === 'S' && (!agreed || (this.#leader !== undefined && this.#talks(member)));
    return able ? '' : { exitCode: 1, stderr: 'context deadline exceeded' };
  }

  #list(): Answer {
    const all = this.members.map(({ id, node }) => `{"ID":${id},"name":"${node}","peerURLs":["https://${node}:2380"]}`);
    return `{"members":[${all.join(',')}]}`;
  }

  #move(hex: string): Answer {
    const next = this.members.find(({ id }) => BigInt(id).toString(16) === hex);
    if (next === undefined) return { exitCode: 1, stderr: 'member not found' };
    if (!this.deaf) this.lead(next.node);
    return '';
  }

  #install(member: Member, input: string): Answer {
    const table = /table inet (\w+)/.exec(input)?.[1];
    if (table === undefined) return { exitCode: 1, stderr: 'syntax error' };
    if (!this.deaf) member.tables.add(table);
    this.#elect();
    return '';
  }

  #table(member: Member, table: string): Answer {
    if (!member.tables.has(table)) return { exitCode: 1, stderr: 'No such file or directory' };
    return Array.from({ length: 4 }, () => 'counter packets 3 bytes 180 drop').join('\n');
  }

  #signal(member: Member, command: string): Answer {
    if (this.deaf || member.process === null) return '';
    if (command.includes('-STOP')) member.process.state = 'T';
    // The supervisor starts a killed member again, after the others have elected.
    if (command.includes('-KILL')) {
      member.process = null;
      this.#elect();
      member.process = { startedAt: 9_000, state: 'S' };
    }
    this.#elect();
    return '';
  }

  #undo(member: Member, command: string): Answer {
    if (member.process !== null) member.process.state = 'S';
    member.tables.delete(/delete table inet (\w+)/.exec(command)?.[1] ?? '');
    this.#elect();
    return '';
  }
}

function processLine({ process }: Member): string {
  if (process === null) return '';
  const rest = Array.from({ length: 18 }, () => '0').join(' ');
  return `4242 ${process.state} ${rest} ${String(process.startedAt)} 0`;
}
