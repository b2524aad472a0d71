import { formatMs } from '../../model/duration.ts';
import type { OpEvent } from '../../model/history.ts';
import type { Json } from '../../model/json.ts';
import type { RpoFacts } from './facts.ts';
import { count } from '../sentence.ts';
import type { Fate } from './key-fate.ts';

/** More of one kind are counted, not listed. */
const mostListed = 50;

/** The time in which the lost writes had been acknowledged: how far back the data went. */
function lossWindow(lost: readonly Fate[]): { readonly fromMs: number; readonly toMs: number } | null {
  const acknowledged = lost.flatMap(({ evidence }) => evidence.slice(0, 1)).map(({ endMs }) => endMs);
  if (acknowledged.length === 0) return null;
  return { fromMs: Math.min(...acknowledged), toMs: Math.max(...acknowledged) };
}

/** The measured figures as one sentence. */
export function rpoSentence({
  operations,
  window,
  acknowledged,
  indeterminate,
  unread,
  duplicated,
  found,
}: RpoFacts): string {
  const loss = lossWindow(found.lost);
  const when =
    loss === null
      ? ''
      : `, acknowledged ${loss.toMs > loss.fromMs ? `from ${formatOffset(loss.fromMs - window.startMs)} to ` : ''}${formatOffset(loss.toMs - window.startMs)}`;
  const lost = found.lost.length;
  const range = unread === 0 ? String(lost) : `${String(lost)} to ${String(lost + unread)}`;
  const failed = operations.targets.reduce((sum, target) => sum + target.failedReads, 0);
  const through = operations.targets.filter((target) => target.acknowledged > 0).map(({ target }) => target);
  return [
    `${range} of ${count(acknowledged, 'acknowledged write')} through ${through.join(', ')} lost${when}`,
    `${String(duplicated.length)} duplicated, ${String(found.stale.length)} stale, ${String(found.resurrected.length)} resurrected, ${String(found.unexpected.length)} unexpected`,
    `${count(indeterminate, 'write')} without an answer (either is right)`,
    `${count(operations.finalReads, 'final read')}${failed === 0 ? '' : `, ${String(failed)} of which failed`}`,
  ].join('; ');
}

function formatOffset(ms: number): string {
  return ms < 0 ? `${formatMs(-ms)} before the injection` : `${formatMs(ms)} after the injection`;
}

const opDetails = ({ key, value, client, target, startMs, endMs, outcome }: OpEvent): Json => ({
  key,
  value,
  client,
  target,
  startMs,
  endMs,
  outcome,
});

const fates = (list: readonly Fate[]): Json =>
  list.slice(0, mostListed).map(({ key, evidence }) => ({ key, evidence: evidence.map(opDetails) }));

/** What a report may draw; docs/guarantees/rpo.md says the shape. */
export function rpoDetails(facts: RpoFacts): Json {
  const { operations, acknowledged, indeterminate, unread, duplicated, found } = facts;
  return {
    acknowledged,
    indeterminate,
    unread,
    finalReads: operations.finalReads,
    targets: operations.targets.map((target) => ({ ...target })),
    lossWindow: lossWindow(found.lost),
    lost: fates(found.lost),
    stale: fates(found.stale),
    resurrected: fates(found.resurrected),
    unexpected: fates(found.unexpected),
    duplicated: duplicated.slice(0, mostListed).map(opDetails),
  };
}
