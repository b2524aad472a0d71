import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { History } from '../../harness/model/history.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { outcomes } from '../wording.ts';
import { budgets } from './budgets.ts';
import { charts } from './charts.ts';
import { faults } from './faults.ts';
import { glance } from './glance.ts';
import { header } from './header.ts';
import { Markup, markup } from './markup.ts';
import { nodes } from './nodes.ts';
import { pods } from './pods.ts';
import { promises } from './promises.ts';
import { evidence, fingerprint, gaps, runPhases, settings } from './record.ts';
import { gather } from './series.ts';
import { services } from './services.ts';
import { skew } from './skew.ts';
import { faultWindows, type Timeline } from './time-axis.ts';
import { waterfall } from './waterfall.ts';
import { writes } from './writes.ts';

const require = createRequire(import.meta.url);
/** In the order in which they stand in the page: a later one may refine an earlier one. */
const styles = ['colors', 'base', 'header', 'promises', 'lanes', 'charts', 'tables', 'media'];
const own = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');
const packaged = (file: string): string => readFileSync(require.resolve(file), 'utf8');

interface Assets {
  readonly style: string;
  readonly script: string;
  /** Only a script with this hash runs: markup that slipped through would still be inert. */
  readonly policy: string;
}

let loaded: Assets | undefined;

function assets(): Assets {
  if (loaded !== undefined) return loaded;
  const style = `${packaged('uplot/dist/uPlot.min.css')}\n${styles.map((name) => own(`style/${name}.css`)).join('\n')}`;
  const script = `${packaged('uplot/dist/uPlot.iife.min.js')}\n${own('client.js')}`;
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  loaded = { style, script, policy };
  return loaded;
}

/** The text of report.html: everything in one file, nothing fetched. */
export function renderPage(report: RunReport, history: History): string {
  const { style, script, policy } = assets();
  const load = gather(history);
  const { mark, word } = outcomes[report.outcome];
  const windows = faultWindows(report, history);
  const startMs = load?.span.startMs ?? 0;
  const span: Timeline = { startMs, endMs: Math.max(report.durationMs, load?.span.endMs ?? 0, startMs + 1), windows };
  const page = markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${mark} ${word}: ${report.scenario.name}</title><style>${new Markup(style)}</style></head><body>
<a class="skip" href="#promises">To the promises</a>
<main>${header(report)}
${services(report)}
<div class="first">${promises(report)}${faults(report)}</div>
${glance(report, history, load, span)}
${charts(load, windows)}
${waterfall(report, span)}
${nodes(report, history, span)}
${pods(report, history, span)}
${skew(report, span)}
${budgets(report, history, span)}
${writes(report, history)}
${settings(report)}
${fingerprint(report)}
${gaps(history)}
${runPhases(report, windows)}
${evidence(report)}
</main><script>${new Markup(script)}</script></body></html>
`;
  return page.text;
}
