import { relative } from 'node:path';

import { terminalVerdicts } from '../../reports/terminal.ts';
import type { RunReport } from '../model/report.ts';
import { outputWidth } from './print.ts';
import { wantsColor } from './terminal.ts';

/** Prints what a run found, and where the rest of it stands. */
export function showVerdicts(report: RunReport, directory: string): void {
  const fromHere = relative(process.cwd(), directory);
  const shown = fromHere.startsWith('..') || fromHere === '' ? directory : fromHere;
  const color = wantsColor(process.stdout.isTTY, process.env);
  process.stdout.write(`${terminalVerdicts(report, { color, width: outputWidth(), directory: shown })}\n`);
}
