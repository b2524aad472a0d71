import { messageOf } from '../model/errors.ts';

/** What has to be undone, newest first. Every step runs, whatever the others do. */
export class CleanupStack {
  readonly #steps: { readonly what: string; readonly undo: () => PromiseLike<void> }[] = [];

  push(what: string, undo: () => PromiseLike<void>): void {
    this.#steps.push({ what, undo });
  }

  /** Runs and forgets every step. @returns what went wrong, one sentence a step */
  async unwind(): Promise<readonly string[]> {
    const failures: string[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step.undo();
      } catch (error) {
        failures.push(`${step.what}: ${messageOf(error)}`);
      }
    }
    return failures;
  }
}
