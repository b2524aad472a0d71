import type { Stream } from './stream.ts';

/** How close together the samples of a stream lie after the fault. */
export interface Spacing {
  readonly samples: number;
  /** 95 of 100 samples start no later than this after the one before. */
  readonly usualMs: number;
  readonly widestMs: number;
  /** The sum of the times in which samples were missing: of spacings wider than twice the demanded one. */
  readonly holesMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The spacing from the last sample before the fault to the last of all. @param demandedMs what is asked for */
export function spacingOf(stream: Stream, faultMs: number, demandedMs: number): Spacing {
  const { starts } = stream;
  let from = 0;
  while (from + 1 < starts.length && (starts[from + 1] ?? 0) <= faultMs) from += 1;
  const spacings = new Float64Array(Math.max(0, starts.length - 1 - from));
  let holesMs = 0;
  for (let index = from + 1; index < starts.length; index += 1) {
    const spacing = (starts[index] ?? 0) - (starts[index - 1] ?? 0);
    spacings[index - from - 1] = spacing;
    if (spacing > 2 * demandedMs) holesMs += spacing;
  }
  spacings.sort();
  return {
    samples: spacings.length,
    usualMs: spacings[Math.max(0, Math.ceil(spacings.length * 0.95) - 1)] ?? Infinity,
    widestMs: spacings[spacings.length - 1] ?? Infinity,
    holesMs,
    fromMs: starts[from] ?? 0,
    toMs: starts[starts.length - 1] ?? 0,
  };
}
