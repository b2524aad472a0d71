import { formatMs } from '../model/duration.ts';
import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { History } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Figure, Verdict } from '../model/verdict.ts';
import { faultWindow } from './fault-window.ts';
import { countFigure } from './figures.ts';
import { gapSentence, recorderGaps } from './gaps.ts';
import { glob } from './glob.ts';
import { indexHistory } from './history-index.ts';
import { Params } from './params.ts';
import { causeSentence } from './pdb/causes.ts';
import { breaks, findingsOf } from './pdb/findings.ts';
import { keepLedger, type Ledger, type Removal } from './pdb/ledger.ts';
import { count, few, violation } from './sentence.ts';

export interface PdbParams {
  /** A pattern of budget names; null for all. */
  readonly budget: string | null;
}

/** No voluntary disruption takes the healthy pods below any budget: `pdbHonoured()`. */
export function pdbHonoured(given: { readonly budget?: string } = {}): GuaranteeSpec {
  pdbHonouredGuarantee.params({ ...given });
  return { guarantee: 'pdb-honoured', params: { ...given } };
}

const labelOf = ({ budget }: PdbParams): string => `pdb-honoured(${budget ?? ''})`;

const promiseOf = ({ budget }: PdbParams): string =>
  `no eviction, delete, rollout, preemption or taint takes the healthy pods below what ${budget === null ? 'a PodDisruptionBudget' : `the PodDisruptionBudget ${budget}`} demands`;

/** A removal as a sentence: `pod web-1 on w2: ...`. */
function removalSentence(removal: Removal, faultMs: number): string {
  const { pod, node, cause, budget, healthyBefore, healthyAfter, desired, atMs } = removal;
  const where = node === null ? '' : ` on ${node}`;
  return `pod ${pod}${where} ${formatMs(atMs - faultMs)} after the injection: ${causeSentence(cause)}; budget ${budget ?? 'none'} demands ${String(desired)} healthy, had ${String(healthyBefore)} and was left with ${String(healthyAfter)}`;
}

function measuredSentence({ removals, budgets }: Ledger, faultMs: number): string {
  const broken = removals.filter(breaks);
  const byWill = removals.filter(({ voluntary }) => voluntary).length;
  const lost = removals.filter(({ voluntary, budget }) => !voluntary && budget !== null);
  const [first] = broken;
  const opening =
    first === undefined
      ? `${count(byWill, 'voluntary removal')} of ready pods, none of which took a budget below its demand`
      : `${count(broken.length, 'voluntary removal')} below a budget, the first: ${removalSentence(first, faultMs)}`;
  const states = budgets.map(
    ({ name, desired, lowestHealthy, expected }) =>
      `${name} demands ${String(desired)} of ${String(expected)}, lowest ${String(lowestHealthy)}`,
  );
  const below = lost.some(({ healthyAfter, desired }) => healthyAfter < desired);
  const useless = below ? ', below the demand, against which a budget does not protect' : '';
  const losses =
    lost.length === 0 ? 'no other loss' : `${count(lost.length, 'involuntary loss', 'involuntary losses')}${useless}`;
  const deadlocked = budgets.filter(({ blocked }) => blocked).map(({ name }) => name);
  const drains =
    deadlocked.length === 0
      ? ''
      : `; ${few(deadlocked)} allowed no disruption with all pods healthy: a drain waits for ever`;
  return `${opening}; ${losses} (${few(states)})${drains}`;
}

function flaw(ledger: Ledger, { budget }: PdbParams): string | null {
  if (ledger.budgets.length === 0)
    return `no PodDisruptionBudget${budget === null ? '' : ` ${budget}`} was recorded, so nothing protects the pods`;
  const useless = ledger.budgets.filter(({ mostMatched }) => mostMatched === 0);
  const [first] = useless;
  if (first !== undefined) return `the budget ${first.name} protects nothing: its selector matches no pod`;
  return null;
}

function figuresOf({ removals, budgets }: Ledger): Figure[] {
  const broken = removals.filter(breaks).length;
  return [
    countFigure('voluntary removals below a budget', broken, 0),
    countFigure('voluntary removals', removals.filter(({ voluntary }) => voluntary).length),
    countFigure('involuntary losses', removals.filter(({ voluntary }) => !voluntary).length),
    ...budgets.map(({ name, lowestHealthy }) => countFigure(`lowest healthy of ${name}`, lowestHealthy)),
  ];
}

const mostListed = 200;

function detailsOf({ removals, budgets }: Ledger): Json {
  return {
    budgets: budgets.map((budget) => ({ ...budget, findings: findingsOf(budget, removals) })),
    removals: removals.slice(0, mostListed).map((removal) => {
      const { atMs, namespace, pod, node, cause, voluntary, budget, healthyBefore, healthyAfter, desired } = removal;
      const broken = breaks(removal);
      return { atMs, namespace, pod, node, cause, voluntary, budget, healthyBefore, healthyAfter, desired, broken };
    }),
    removalsInAll: removals.length,
  };
}

function judge(history: History, params: PdbParams): Verdict {
  const index = indexHistory(history);
  const window = faultWindow(index);
  if ('unknown' in window) return { status: 'unknown', because: window.unknown };
  const wanted = params.budget === null ? () => true : glob(params.budget);
  const blind = recorderGaps(index, ['Pod'], 0, Infinity);
  const blindAt = (atMs: number): boolean => blind.some(({ startMs, endMs }) => atMs >= startMs && atMs <= endMs);
  const all = keepLedger(index.states, window.startMs, blindAt);
  const ledger: Ledger = {
    removals: all.removals.filter(({ budget }) => budget === null || wanted(budget)),
    budgets: all.budgets.filter(({ name }) => wanted(name)),
  };
  const measured = measuredSentence(ledger, window.startMs);
  const figures = figuresOf(ledger);
  const details = detailsOf(ledger);
  const broken = ledger.removals.filter(breaks);
  if (broken.length > 0) {
    const because = violation(labelOf(params), promiseOf(params), measured);
    const evidence = broken.slice(0, 5).map(({ event }) => event);
    return { status: 'violated', because, measured, figures, details, evidence };
  }
  // A budget that protects nothing takes nothing back of what was done to another one.
  const because = flaw(ledger, params);
  if (because !== null)
    return { status: 'unknown', because, ...(ledger.budgets.length === 0 ? {} : { measured, figures, details }) };
  const [gap] = recorderGaps(index, ['Pod', 'PodDisruptionBudget'], window.startMs, Infinity);
  if (gap !== undefined)
    return { status: 'unknown', because: gapSentence(gap, window.startMs), measured, figures, details };
  return { status: 'held', measured, figures, details };
}

export const pdbHonouredGuarantee: Guarantee<PdbParams> = {
  name: 'pdb-honoured',
  summary: 'No voluntary disruption takes the healthy pods below a PodDisruptionBudget',
  params: (given: Json): PdbParams => ({ budget: new Params('pdb-honoured', given, ['budget']).text('budget') }),
  promise: promiseOf,
  judge,
};
