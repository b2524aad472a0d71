/** Where in the life of one injection the runner is killed. */
export const crashSteps = [
  'before-journal', // the plan is made and nothing is written
  'after-journal', // the plan is on the disk, no leash is armed
  'after-arm', // the leashes are armed, nothing is injected
  'mid-inject', // at the boundary of a command, or while it runs
  'after-inject', // injected, not yet proved
  'holding', // somewhere in the hold
  'mid-heal', // at the boundary of a command of the heal, or while it runs
  'after-heal', // healed, not yet proved gone
  'after-proof', // proved gone; the leashes are still armed
  'random', // any moment from the plan to the proof of absence
] as const;

export type CrashStep = (typeof crashSteps)[number];

/** One death, as data: a child process is told it as JSON. */
export interface Crash {
  readonly step: CrashStep;
  /** For `mid-*`: at which command, counted from 1. */
  readonly command: number;
  /** For `mid-*`: while that command runs instead of after its end. */
  readonly whileRunning: boolean;
  /** For `holding` and `random`: how long after the injection, or after the plan, in milliseconds. */
  readonly delayMs: number;
}

/** A place between two lines of the engine, or within a command: nobody can stand still there. */
export const isFleeting = ({ step, whileRunning }: Crash): boolean =>
  step === 'after-journal' || (step.startsWith('mid-') && whileRunning);

/** Who has no place to stand goes on when all others stand at theirs. */
export const isMoving = (crash: Crash): boolean => crash.step === 'random' || isFleeting(crash);
