import type { Answer } from './fake-shell.ts';

const max = 1_000;

/** A table of tracked connections that can be filled; a full one drops and counts. */
export class FakeConntrack {
  deaf = false;
  marked = 0;
  #drops = 0;

  /** Whether a new connection gets through; counts it when it does not. */
  admits(): boolean {
    if (this.marked === 0) return true;
    this.#drops += 1;
    return false;
  }

  /** Undefined for what is no business of conntrack. */
  answer(command: string): Answer | undefined {
    if (command.includes('conntrack -R')) return this.#fill();
    if (command.includes('conntrack -D')) return this.#drain();
    if (command.includes('conntrack -L')) return String(this.marked);
    if (!command.includes('conntrack -C')) return undefined;
    return `${String(this.marked + 4)}\n${String(max)}\ncpu=0 found=0 drop=${String(this.#drops)} early_drop=0`;
  }

  #fill(): Answer {
    if (!this.deaf) this.marked = max - 4;
    return { exitCode: 1, stderr: 'Operation failed: not enough memory' };
  }

  #drain(): Answer {
    this.marked = 0;
    return '';
  }
}
