import { formatMs } from '../../harness/model/duration.ts';
import type { FaultRecord, RunReport } from '../../harness/model/report.ts';
import { formatAt } from '../wording.ts';
import { type Markup, markup, type Part } from './markup.ts';

interface Moment {
  readonly name: string;
  readonly atMs: number | null;
  /** What is said when it did not happen. */
  readonly missing: string;
}

function moment({ name, atMs, missing }: Moment, fromMs: number | null): Markup {
  if (atMs === null) return markup`<li class="missing"><b>? ${name}</b><span>${missing}</span></li>`;
  const after = fromMs === null || fromMs === atMs ? '' : ` +${formatMs(atMs - fromMs)}`;
  return markup`<li><b>${name}</b><span>${formatAt(atMs)}<small>${after}</small></span></li>`;
}

function proof(name: string, { proved, evidence }: FaultRecord['active'], kind: 'unknown' | 'harness-error'): Markup {
  if (proved) return markup`<p class="proof"><b>✓ ${name}</b> ${evidence}</p>`;
  return markup`<p class="proof ${kind}"><b>${kind === 'unknown' ? '?' : '!'} not ${name}</b> ${evidence}</p>`;
}

function card(fault: FaultRecord): Markup {
  const moments: readonly Moment[] = [
    { name: 'injected', atMs: fault.injectedMs, missing: 'never injected' },
    { name: 'felt', atMs: fault.feltMs, missing: 'the victim never felt it' },
    { name: 'healed', atMs: fault.healedMs, missing: 'not healed' },
    { name: 'proved gone', atMs: fault.goneMs, missing: 'not proved gone' },
  ];
  const proved = fault.active.proved && fault.gone.proved;
  return markup`<article class="card fault ${proved ? '' : 'unknown'}"><h3>${fault.step}</h3><p class="targets">on ${fault.targets.join(', ') || 'no target'}</p>
<ol class="moments">${moments.map((each) => moment(each, fault.injectedMs))}</ol>
${proof('felt', fault.active, 'unknown')}${proof('gone', fault.gone, 'harness-error')}
<details><summary>The plan</summary><pre>${JSON.stringify(fault.plan, null, 2)}</pre></details></article>`;
}

/** When each fault was felt and healed, with the evidence of both. */
export function faults(report: RunReport): Markup {
  const cards: Part =
    report.faults.length === 0
      ? markup`<p class="empty">No fault was injected${report.outcome === 'skipped' ? `: ${report.because}` : ''}.</p>`
      : report.faults.map(card);
  return markup`<section id="faults"><h2>${report.faults.length > 1 ? 'The faults' : 'The fault'}</h2><div class="cards">${cards}</div></section>`;
}
