import { formatMs } from '../model/duration.ts';
import type { Figure } from '../model/verdict.ts';

/** A value of a figure as a person reads it. */
export function formatValue(value: number, unit: Figure['unit']): string {
  if (unit === 'ms') return formatMs(value);
  const text = Number.isInteger(value) ? String(value) : value.toPrecision(3);
  return unit === 'percent' ? `${text} %` : text;
}
