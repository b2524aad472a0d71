import { formatMs } from '../../harness/model/duration.ts';
import type { RunReport } from '../../harness/model/report.ts';
import type { Outcome } from '../../harness/model/verdict.ts';
import { outcomes } from '../wording.ts';
import { type Markup, markup } from './markup.ts';

/** The mark and the word of an outcome. */
export function badge(outcome: Outcome): Markup {
  const { mark, word } = outcomes[outcome];
  return markup`<span class="badge ${outcome}"><b aria-hidden="true">${mark}</b> ${word}</span>`;
}

function clusterLine({ cluster }: RunReport): string {
  if (cluster === null) return 'no cluster was reached';
  const zones = new Set(cluster.nodes.map(({ zone }) => zone).filter((zone) => zone !== null));
  return `Kubernetes ${cluster.kubernetesVersion}, ${String(cluster.nodes.length)} nodes in ${String(zones.size)} zones (${cluster.provider})`;
}

/** The command that does it again, with a button that copies it (which needs the page's script). */
function replay(report: RunReport): Markup {
  return markup`<div class="command"><span class="note">Run it again:</span> <code id="replay-command">${report.replay}</code><button type="button" id="copy" hidden>Copy</button><span id="copied" role="status"></span></div>`;
}

/** A judge's sentence names the promise and then, at length, the figures: the headline leaves those to the promise's card. */
function headline({ because, guarantees }: RunReport): string {
  const ofOne = guarantees.some(({ verdict }) => verdict.status === 'violated' && verdict.because === because);
  const at = because.indexOf('; measured: ');
  return ofOne && at > 0 ? because.slice(0, at) : because;
}

/** What was run, how it ended and why: the first thing seen. */
export function header(report: RunReport): Markup {
  const facts = [
    ['started', report.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
    ['took', formatMs(report.durationMs)],
    ['seed', String(report.seed)],
    ['cluster', clusterLine(report)],
    ['run', report.id],
    ['shakedown', `${report.version} (${report.commit})`],
  ] as const;
  const items = facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`);
  const left = report.left.map((text) => markup`<li>${text}</li>`);
  const warning =
    left.length === 0 ? '' : markup`<div class="warning" role="alert"><b>! Left behind</b><ul>${left}</ul></div>`;
  return markup`<header class="top ${report.outcome}">
<div class="headline">${badge(report.outcome)}<h1>${report.scenario.name}</h1></div>
<p class="because">${headline(report)}</p>
<p class="summary">${report.scenario.summary}</p>
<dl class="facts">${items}</dl>${replay(report)}${warning}
</header>`;
}
