import type { Figure } from '../model/verdict.ts';

/** A number of things that was counted exactly, and how many were allowed. */
export function countFigure(name: string, value: number, limit?: number): Figure {
  return { name, unit: 'count', lower: value, upper: value, ...(limit === undefined ? {} : { limit }) };
}

/** A length of time with its error bar, in milliseconds, and how long it may be. */
export function timeFigure(name: string, lower: number, upper: number, limit?: number): Figure {
  return { name, unit: 'ms', lower, upper, ...(limit === undefined ? {} : { limit }) };
}
