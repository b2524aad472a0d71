import type { GuaranteeSpec } from './guarantee.ts';
import type { Json } from './json.ts';

const isThreshold = (value: Json): boolean =>
  typeof value === 'number' || (typeof value === 'string' && /^\d+(\.\d+)?(ms|s|m|h|%)$/.test(value));

/**
 * What a promise is called over the years: the guarantee, and those of its parameters that say what is measured. How much is
 * allowed, a number, a duration or a percentage, is left out, so that a promise keeps its history when its limit changes.
 */
export function identityOf({ guarantee, params }: GuaranteeSpec): string {
  const kept = Object.entries(params)
    .filter(([, value]) => value !== null && !isThreshold(value))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .sort();
  return kept.length === 0 ? guarantee : `${guarantee}(${kept.join(', ')})`;
}

/** The identities of a scenario's promises; a second one of the same name is told apart by its place: `rto #2`. */
export function identitiesOf(specs: readonly GuaranteeSpec[]): readonly string[] {
  const times = new Map<string, number>();
  return specs.map((spec) => {
    const identity = identityOf(spec);
    const nth = (times.get(identity) ?? 0) + 1;
    times.set(identity, nth);
    return nth === 1 ? identity : `${identity} #${String(nth)}`;
  });
}
