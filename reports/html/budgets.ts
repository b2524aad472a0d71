import type { History } from '../../harness/model/history.ts';
import { type BudgetState, readBudget } from '../../harness/model/objects.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { detailTable } from './detail-table.ts';
import { listsOf } from './details.ts';
import { type Markup, markup } from './markup.ts';
import { describe, type Look, segments } from './segments.ts';
import { livesOf, merged } from './states.ts';
import { lane, ruler, type Timeline } from './time-axis.ts';

function look(budget: BudgetState): Look {
  const { currentHealthy, desiredHealthy, disruptionsAllowed } = budget;
  const kind = currentHealthy < desiredHealthy ? 'bad' : disruptionsAllowed === 0 ? 'waiting' : 'good';
  return {
    kind,
    word: `${String(currentHealthy)}/${String(desiredHealthy)} healthy, ${String(disruptionsAllowed)} may go`,
  };
}

/** The budgets over the run and every removal of a pod with what it is attributed to. */
export function budgets(report: RunReport, history: History, span: Timeline): Markup {
  const lanes = livesOf(history, 'PodDisruptionBudget', span.endMs, readBudget).map((life) => {
    const periods = merged(life.periods.map((period) => ({ ...period, value: look(period.value) })));
    const note = life.namespace;
    return lane(span, { name: life.name, note, described: describe(periods), body: segments(periods, span) });
  });
  const ledgers = listsOf(report, 'ledger', 'removals').map(({ guarantee, rows }) =>
    detailTable(`Every removal of a pod, as ${guarantee} attributes it`, rows),
  );
  const noLanes = markup`<p class="empty">No events of disruption budgets were recorded.</p>`;
  const noRows = markup`<p class="empty">No judge kept a ledger of pod removals.</p>`;
  return markup`<section id="budgets"><h2>Disruption budgets</h2>${lanes.length === 0 ? noLanes : markup`<div class="lanes">${lanes}${ruler(span)}</div>`}${ledgers.length === 0 ? noRows : ledgers}</section>`;
}
