import { markdownTable } from 'markdown-table';
import { median } from 'simple-statistics';

import { formatMs } from '../../harness/model/duration.ts';

/** One thing that was measured, so many times. */
export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'count' | 'percent' | 'MiB';
  /** The most it may be, in the same unit; absent where nothing was promised. */
  readonly target?: number;
  readonly values: readonly number[];
  /** What one must know to read it. */
  readonly note?: string;
}

export interface Summary {
  readonly n: number;
  readonly min: number;
  readonly median: number;
  /** The 99th percentile: of few values the largest. */
  readonly p99: number;
  readonly max: number;
}

/** Null of no values: nothing was measured. */
export function summaryOf(values: readonly number[]): Summary | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return {
    n: sorted.length,
    min: sorted[0] ?? NaN,
    median: median(sorted),
    p99: sorted[Math.ceil(0.99 * sorted.length) - 1] ?? NaN,
    max: sorted.at(-1) ?? NaN,
  };
}

function shown(value: number, unit: Figure['unit']): string {
  if (unit === 'ms') return value < 10 ? `${value.toFixed(1)} ms` : formatMs(value);
  if (unit === 'percent') return `${value.toFixed(1)} %`;
  return unit === 'MiB' ? `${value.toFixed(1)} MiB` : String(value);
}

const head = ['figure', 'target', 'median', 'min', 'p99', 'max', 'n', ''];

/** The figures as a Markdown table. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, unit, target, values, note = '' }) => {
    const wanted = target === undefined ? '' : `<= ${shown(target, unit)}`;
    const summary = summaryOf(values);
    if (summary === null) return [name, wanted, '-', '-', '-', '-', '0', note];
    const of = (value: number): string => shown(value, unit);
    const { min, median: middle, p99, max, n } = summary;
    return [name, wanted, of(middle), of(min), of(p99), of(max), String(n), note];
  });
  return markdownTable([head, ...rows], { align: ['l', 'r', 'r', 'r', 'r', 'r', 'r', 'l'] });
}
