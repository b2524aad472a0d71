import type { Guarantee, GuaranteeSpec } from '../model/guarantee.ts';
import type { ConnectionMode, History } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Figure, Verdict } from '../model/verdict.ts';
import { blastsOf, type By } from './blast/outside.ts';
import { partsOutside, type Part } from './blast/parts.ts';
import { faultWindow } from './fault-window.ts';
import { indexHistory } from './history-index.ts';
import { Params } from './params.ts';
import { shareSentence } from './requests/share.ts';
import { tallies } from './requests/tally.ts';
import { few, spaced, violation } from './sentence.ts';

export interface BlastRadiusParams {
  readonly errors: { readonly text: string; readonly percent: number };
  /** A pattern of the paths, zones and nodes, or of the namespaces, that are the target; null for those that each fault names. */
  readonly outside: string | null;
  readonly by: By;
  readonly mode: ConnectionMode | null;
}

/** What was not the target hardly feels the fault: `blastRadius({ errors: '1%' })`. */
export function blastRadius(given: {
  /** The most that may fail on each path that is not the target, such as `1%`. */
  readonly errors: string;
  /** A pattern of the paths, zones or nodes that are the target, such as `zone-a`; by default those that the fault names. */
  readonly outside?: string;
  /** Whether other zones and nodes (`place`, the default) or other namespaces are to be spared. */
  readonly by?: By;
  readonly mode?: ConnectionMode;
}): GuaranteeSpec {
  blastRadiusGuarantee.params({ ...given });
  return { guarantee: 'blast-radius', params: { ...given } };
}

const labelOf = ({ errors, outside, by, mode }: BlastRadiusParams): string =>
  `blast-radius(${[errors.text, ...(by === 'place' ? [] : ['by namespace']), ...(outside === null ? [] : [`outside ${outside}`]), ...(mode === null ? [] : [mode])].join(', ')})`;

function promiseOf({ errors, outside, by, mode }: BlastRadiusParams): string {
  const place = outside === null ? 'away from the target of the fault' : `outside of ${outside}`;
  const where = by === 'place' ? place : `in other namespaces than ${outside ?? 'that of the target of the fault'}`;
  const on = mode === null ? '' : ` on ${mode} connections`;
  return `${where}, at most ${spaced(errors.text)} of the requests to each path${on} fail while the fault is there`;
}

const sentenceOf = ({ name, share }: Part): string => `${name}: ${shareSentence(share)}`;

const figureOf = ({ name, share: { lower, upper } }: Part, limit: number): Figure => ({
  name: `failed on ${name}`,
  unit: 'percent',
  lower,
  upper,
  limit,
});

const detailsOf = (parts: readonly Part[]): Json =>
  parts.map(({ name, kind, share: { sent, failed, doubtful, missing, lower, upper } }) => ({
    name,
    kind,
    sent,
    failed,
    doubtful,
    missing,
    lowerPercent: lower,
    upperPercent: upper,
  }));

function judge(history: History, params: BlastRadiusParams): Verdict {
  const index = indexHistory(history);
  const window = faultWindow(index);
  if ('unknown' in window) return { status: 'unknown', because: window.unknown };
  const found = tallies(index, window, { path: 'service', mode: params.mode });
  if ('unknown' in found) return { status: 'unknown', because: found.unknown };
  const blasts = blastsOf(index, window, params);
  if ('unknown' in blasts) return { status: 'unknown', because: blasts.unknown };
  const parts = partsOutside(found.list, blasts);
  const paths = parts.filter(({ kind }) => kind === 'path');
  if (paths.length === 0)
    return {
      status: 'unknown',
      because: `no path is known to lead ${params.by === 'namespace' ? 'into another namespace than' : 'past'} the target of the fault`,
    };
  const limit = params.errors.percent;
  const worst = parts.toSorted((a, b) => b.share.lower - a.share.lower || b.share.upper - a.share.upper);
  const measured = few(worst.map(sentenceOf), 2);
  const seen = { measured, figures: worst.map((part) => figureOf(part, limit)), details: { parts: detailsOf(parts) } };
  const flaw = found.flaw ?? paths.find((part) => part.flaw !== null)?.flaw ?? null;
  if (flaw !== null) return { status: 'unknown', because: flaw, ...seen };
  const beyond = worst.filter(({ share }) => share.lower > limit);
  if (beyond.length > 0) {
    const evidence = beyond.flatMap((part) => part.evidence).slice(0, 5);
    return { status: 'violated', because: violation(labelOf(params), promiseOf(params), measured), evidence, ...seen };
  }
  // Whether few or many answers came from a place is chance: they can accuse, but too few of them acquit nobody less.
  const straddling = worst.find(({ kind, share }) => kind === 'path' && share.upper > limit);
  if (straddling !== undefined) {
    const because = `the error bar straddles the limit of ${spaced(params.errors.text)}: ${sentenceOf(straddling)}`;
    return { status: 'unknown', because, ...seen };
  }
  return { status: 'held', ...seen };
}

export const blastRadiusGuarantee: Guarantee<BlastRadiusParams> = {
  name: 'blast-radius',
  summary: 'Paths into zones and nodes that are not the target of the fault fail at most so many requests meanwhile',
  params(given: Json): BlastRadiusParams {
    const params = new Params('blast-radius', given, ['errors', 'outside', 'by', 'mode']);
    return {
      errors: params.percentage('errors'),
      outside: params.text('outside'),
      by: params.word('by', ['place', 'namespace']) ?? 'place',
      mode: params.word('mode', ['new', 'reused']),
    };
  },
  promise: promiseOf,
  judge,
};
