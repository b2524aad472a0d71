import { FakeProgram } from './fake-program.ts';
import type { Answer } from './fake-shell.ts';

interface Election {
  readonly program: string;
  readonly candidates: ReadonlyMap<string, FakeProgram>;
  holder: string;
  starts: number;
}

/** The programs of the control planes of which one leads; another takes over at once when it is gone or stopped. */
export class FakeLeaders {
  readonly #elections: readonly Election[];
  #looks = 0;

  constructor(nodes: readonly string[]) {
    this.#elections = ['kube-controller-manager', 'kube-scheduler'].map((program, index) => ({
      program,
      candidates: new Map(nodes.map((node) => [node, new FakeProgram(program.slice(0, 15), 7_171 + index * 101, 0)])),
      holder: `${nodes[0] ?? ''}_0`,
      starts: 0,
    }));
  }

  disconnect(): void {
    for (const { candidates } of this.#elections) for (const program of candidates.values()) program.deaf = true;
  }

  changes(): readonly string[] {
    return this.#elections.flatMap(({ program, candidates }) =>
      [...candidates].filter(([, { state }]) => state !== 'S').map(([node]) => `${program} on ${node} is touched`),
    );
  }

  /** Undefined for what is no business of these programs. */
  answer(node: string, command: string): Answer | undefined {
    for (const election of this.#elections) {
      const program = election.candidates.get(node);
      const before = program?.answer("'" + election.program.slice(0, 15) + "'");
      const answer = program?.answer(command);
      if (program === undefined || answer === undefined) continue;
      const after = program.answer("'" + election.program.slice(0, 15) + "'");
      if (before !== after) this.#elect(election, node, program, command);
      return answer;
    }
    return undefined;
  }

  answerApi(path: string): unknown {
    const election = this.#elections.find(({ program }) => path.endsWith(`/kube-system/leases/${program}`));
    if (election === undefined) return undefined;
    this.#looks += 1;
    return {
      spec: { holderIdentity: election.holder, renewTime: `look ${String(this.#looks)}`, leaseDurationSeconds: 15 },
    };
  }

  /** Whoever wakes up without the lead ends itself, and its supervisor starts it again. */
  #elect(election: Election, node: string, program: FakeProgram, command: string): void {
    const led = election.holder.startsWith(`${node}_`);
    if (command.includes('kill -CONT') && !led) program.restart();
    if (!led) return;
    const [next] = [...election.candidates].filter(([each, { state }]) => each !== node && state === 'S');
    election.starts += 1;
    election.holder = `${next?.[0] ?? node}_${String(election.starts)}`;
  }
}
