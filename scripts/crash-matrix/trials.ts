import { join } from 'node:path';

import type { Fault } from '../../harness/model/fault.ts';
import type { Json } from '../../harness/model/json.ts';
import { during, type FaultStep } from '../../harness/model/scenario.ts';
import { seeded } from '../../harness/util/random.ts';
import { crashSteps, type Crash } from './crash.ts';

/** What brings the cluster back after the runner died. */
export type Recovery = 'leash' | 'heal';

/** One death of one runner; the same seed gives the same trials, but for the targets of one that is fitted in {@link elsewhere}. */
export interface Trial {
  readonly id: string;
  /** Of the trials of this fault, from 1. */
  readonly number: number;
  readonly fault: string;
  readonly params: { readonly [key: string]: Json };
  readonly seed: number;
  readonly holdMs: number;
  readonly crash: Crash;
  readonly recovery: Recovery;
}

/** The folder of the trial's run, below that of the matrix. */
export const evidenceOf = (directory: string, { id }: Trial): string => join(directory, id);

/** Who dies in the hold waits there for those who die with it. */
const waitingMs = 120_000;

/** What the trial's run does. */
export const stepOf = ({ fault, params, holdMs, crash }: Trial): FaultStep =>
  during(fault, params, { from: '1ms', hold: `${crash.step === 'holding' ? holdMs + waitingMs : holdMs}ms` });

/** Longer faults are asked for by name. */
export const isQuick = ({ minimumHoldMs }: Pick<Fault, 'minimumHoldMs'>): boolean => minimumHoldMs <= 5_000;

/** A command of an injection takes some ten milliseconds: a death within so many often meets it running. */
const withinCommandMs = 30;
/** Proofs and heals go on after the hold: a random moment may lie in them. */
const afterHoldMs = 3_000;

/** The same death with another choice of targets; the same one gives the same other one. */
export const elsewhere = (trial: Trial): Trial => ({ ...trial, seed: seeded(trial.seed, 'elsewhere').below(seeds) });

/** The seeds of runs are smaller than this. */
const seeds = 1_000_000;

/**
 * So many trials of one fault: the steps in turn, and at each step the two ways of recovery in turn.
 * @param only these steps, all by default
 */
export function trialsOf(
  fault: Pick<Fault, 'name' | 'minimumHoldMs' | 'example'>,
  count: number,
  seed: number,
  only: readonly Crash['step'][] = crashSteps,
): readonly Trial[] {
  const holdMs = fault.minimumHoldMs;
  // Each fault begins with another step, so that a batch of a few trials of each fault has tried all steps.
  const steps = seeded(seed, fault.name).sample(only, only.length);
  return Array.from({ length: count }, (_, index) => {
    const step = steps[index % steps.length] ?? 'random';
    const random = seeded(seed, `${fault.name}/${String(index)}`);
    const moment = {
      'mid-inject': withinCommandMs,
      'mid-heal': withinCommandMs,
      random: holdMs + afterHoldMs,
    } as const;
    const crash: Crash = {
      step,
      command: 1 + random.below(3),
      whileRunning: random.below(2) === 1,
      delayMs: random.below(step in moment ? moment[step as keyof typeof moment] : holdMs),
    };
    const recovery = (Math.floor(index / steps.length) + (index % steps.length)) % 2 === 0 ? 'heal' : 'leash';
    const number = index + 1;
    return {
      id: `${fault.name}-${String(number).padStart(3, '0')}`,
      number,
      fault: fault.name,
      params: fault.example ?? {},
      seed: random.below(seeds),
      holdMs,
      crash,
      recovery,
    };
  });
}
