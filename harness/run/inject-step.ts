import { setTimeout as sleep } from 'node:timers/promises';

import type { Cluster } from '../model/cluster.ts';
import { formatMs, toMs } from '../model/duration.ts';
import { HarnessError, messageOf } from '../model/errors.ts';
import type { Fault, FaultContext, Random } from '../model/fault.ts';
import type { FaultEvent, HistoryEvent } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { FaultRecord } from '../model/report.ts';
import type { FaultStep } from '../model/scenario.ts';
import type { Clock } from '../util/clock.ts';
import type { RunObserver } from './catalogue.ts';
import { stepName } from './foresee.ts';
import type { Journal } from './journal.ts';
import { Leashes, leashesOf } from './leash.ts';
import { healBudgetMs, undo } from './undo.ts';

export interface StepEnvironment {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  readonly observer: RunObserver;
  readonly record: (event: HistoryEvent) => void;
  /** Targets that other steps hold at this moment: a second fault on one of them is refused. */
  readonly busy: Map<string, string>;
}

/** One injection of a scenario: planned, journalled, leashed, injected, proved, held, healed, and proved gone. */
export class InjectStep {
  readonly step: string;
  readonly #fault: Fault;
  readonly #given: FaultStep;
  readonly #environment: StepEnvironment;
  readonly #mark: string;
  #plan: Json = null;
  #targets: readonly string[] = [];
  #active = { proved: false, evidence: 'it was never injected' };
  #gone = { proved: false, evidence: 'it was never injected' };
  readonly #times: {
    injectedMs: number | null;
    feltMs: number | null;
    healedMs: number | null;
    goneMs: number | null;
  } = {
    injectedMs: null,
    feltMs: null,
    healedMs: null,
    goneMs: null,
  };

  constructor(index: number, fault: Fault, given: FaultStep, environment: StepEnvironment, mark: string) {
    this.step = stepName(index, given);
    this.#fault = fault;
    this.#given = given;
    this.#environment = environment;
    this.#mark = mark;
  }

  get record(): FaultRecord {
    return {
      step: this.step,
      fault: this.#fault.name,
      targets: this.#targets,
      plan: this.#plan,
      active: this.#active,
      gone: this.#gone,
      ...this.#times,
    };
  }

  /** True when something may have been injected that was not proved gone. */
  get isLeft(): boolean {
    return this.#times.injectedMs !== null && !this.#gone.proved;
  }

  /** The whole life of the step. Throws what stopped it, after healing. */
  async run(signal: AbortSignal): Promise<void> {
    const { journal, cluster, random } = this.#environment;
    const params = this.#fault.params(this.#given.params);
    const obstacle = this.#fault.obstacle(cluster.facts, params);
    if (obstacle !== null) throw new HarnessError('refused', `${this.#fault.name} cannot run here: ${obstacle}`);
    const context = this.#context(signal, random.fork(this.step));
    this.#plan = await this.#fault.plan(context, params);
    this.#targets = this.#fault.targets(this.#plan);
    this.#claim();
    this.#tell('planned', this.#fault.impact(this.#plan, cluster.facts));
    journal.append({
      type: 'planned',
      step: this.step,
      fault: this.#fault.name,
      mark: this.#mark,
      params: this.#given.params,
      plan: this.#plan,
    });
    const leashes = new Leashes(cluster, this.#mark, leashesOf(this.#fault, this.#plan, this.#mark, journal.directory));
    try {
      await leashes.arm(signal);
      await this.#injectAndHold(context, signal);
    } finally {
      await this.#heal(leashes);
    }
  }

  async #injectAndHold(context: FaultContext, signal: AbortSignal): Promise<void> {
    this.#tell('injecting', this.#targets.join(', '));
    this.#times.injectedMs = this.#environment.clock.now();
    await this.#fault.inject(context, this.#plan);
    this.#tell('injected', this.#targets.join(', '));
    const held = new AbortController();
    const holding = sleep(toMs(this.#given.hold, 'hold'), undefined, { signal }).finally(() => {
      held.abort(new DOMException('the hold is over', 'TimeoutError'));
    });
    const proving = this.#prove({ ...context, signal: AbortSignal.any([signal, held.signal]) });
    await Promise.all([holding, proving]);
  }

  async #prove(context: FaultContext): Promise<void> {
    try {
      const evidence = await this.#fault.proveActive(context, this.#plan);
      this.#active = { proved: true, evidence };
      this.#times.feltMs = this.#environment.clock.now();
      this.#tell('felt', evidence);
    } catch (error) {
      const late = context.signal.aborted ? `no proof within the hold time of ${this.#given.hold}` : null;
      // Only a proof of ours can say what it saw last; whatever else an abort threw says nothing of the victim.
      const said = late === null || error instanceof HarnessError ? messageOf(error) : null;
      const evidence = [late, said].filter((part) => part !== null).join(': ');
      this.#active = { proved: false, evidence };
      this.#tell('not-felt', evidence);
    }
  }

  async #heal(leashes: Leashes): Promise<void> {
    const { clock, journal, busy } = this.#environment;
    const context = this.#context(
      AbortSignal.timeout(healBudgetMs),
      this.#environment.random.fork(`heal-${this.step}`),
    );
    try {
      this.#tell('healing', this.#targets.join(', '));
      const evidence = await undo(this.#fault, context, this.#plan, () => {
        this.#times.healedMs = clock.now();
        this.#tell('healed', this.#targets.join(', '));
      });
      this.#times.goneMs = clock.now();
      this.#gone = { proved: true, evidence };
      this.#tell('gone', evidence);
      this.#judgeLeashes(await leashes.disarm());
      journal.append({ type: 'healed', step: this.step });
    } catch (error) {
      leashes.release();
      this.#gone = { proved: false, evidence: messageOf(error) };
      this.#tell('not-gone', messageOf(error));
    }
    for (const target of this.#targets) busy.delete(target);
  }

  #judgeLeashes(fired: readonly string[]): void {
    if (fired.length === 0) return;
    const evidence = `the leash on ${fired.join(', ')} undid it before its time, because the harness did not renew it`;
    this.#active = { proved: false, evidence };
    this.#tell('not-felt', evidence);
  }

  /** @throws HarnessError `refused` when another step holds one of the targets */
  #claim(): void {
    const { busy } = this.#environment;
    for (const target of this.#targets) {
      const holder = busy.get(target);
      if (holder !== undefined) {
        throw new HarnessError(
          'refused',
          `${this.step} and ${holder} would both act on ${target}: refused before anything of ${this.step} was touched`,
        );
      }
    }
    for (const target of this.#targets) busy.set(target, this.step);
  }

  #tell(phase: FaultEvent['phase'], detail: string): void {
    const { record, clock, observer } = this.#environment;
    const atMs = clock.now();
    record({ kind: 'fault', atMs, step: this.step, fault: this.#fault.name, phase, detail, targets: this.#targets });
    observer.note(`${formatMs(atMs)}  ${this.step} ${phase}: ${detail}`);
  }

  #context(signal: AbortSignal, random: Random): FaultContext {
    const { cluster, record, clock } = this.#environment;
    return { cluster, signal, random, mark: this.#mark, record, now: () => clock.now() };
  }
}
