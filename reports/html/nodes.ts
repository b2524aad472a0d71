import type { History } from '../../harness/model/history.ts';
import { type NodeState, readNode } from '../../harness/model/objects.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { type Markup, markup } from './markup.ts';
import { describe, type Look, segments } from './segments.ts';
import { type Life, livesOf, merged } from './states.ts';
import { lane, ruler, type Timeline } from './time-axis.ts';

const mostNodes = 60;

function look(node: NodeState): Look {
  const cordoned = node.unschedulable ? ', cordoned' : '';
  if (node.ready === 'True') return { kind: node.unschedulable ? 'waiting' : 'good', word: `Ready${cordoned}` };
  if (node.ready === 'False') return { kind: 'bad', word: `NotReady${cordoned}` };
  return { kind: 'blind', word: `Unknown${cordoned}` };
}

/** The zone of each node as its watch said it last, else as the cluster's facts say it. */
export function zonesOf(report: RunReport, nodes: readonly Life<NodeState>[]): ReadonlyMap<string, string> {
  const facts = (report.cluster?.nodes ?? []).map(({ name, zone }) => [name, zone ?? 'no zone'] as const);
  const seen = nodes.map(({ name, periods }) => [name, periods.at(-1)?.value.zone ?? 'no zone'] as const);
  return new Map([...facts, ...seen]);
}

/** The condition Ready of each node over the run. */
export function nodes(report: RunReport, history: History, span: Timeline): Markup {
  const lives = livesOf(history, 'Node', span.endMs, readNode);
  const targets = new Set(report.faults.flatMap((fault) => fault.targets));
  const zones = zonesOf(report, lives);
  const eventful = (life: Life<NodeState>): number =>
    merged(life.periods.map((period) => ({ ...period, value: look(period.value) }))).length;
  // Where there are too many to draw, those to which something happened come first.
  const shown =
    lives.length <= mostNodes ? lives : lives.toSorted((a, b) => eventful(b) - eventful(a)).slice(0, mostNodes);
  const lanes = shown.map((life) => {
    const periods = merged(life.periods.map((period) => ({ ...period, value: look(period.value) })));
    const note = `${zones.get(life.name) ?? 'no zone'}${targets.has(life.name) ? ' · target' : ''}`;
    return lane(span, {
      name: life.name,
      note,
      described: describe(periods),
      body: segments(periods, span),
      kind: 'thin',
    });
  });
  const more =
    lives.length > shown.length
      ? markup`<p class="note">${lives.length - shown.length} quieter nodes are not drawn.</p>`
      : '';
  const none = markup`<p class="empty">No node events were recorded.</p>`;
  return markup`<section id="nodes"><h2>Nodes</h2>${lanes.length === 0 ? none : markup`<div class="lanes">${lanes}${ruler(span)}</div>`}${more}</section>`;
}
