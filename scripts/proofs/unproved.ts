import type { Planted } from '../../suites/sabotage/planted/planted.ts';

export interface Proofs {
  readonly guarantees: readonly string[];
  readonly planted: readonly Planted[];
  /** The names of the pages in docs/guarantees, without their ending. */
  readonly pages: readonly string[];
}

const wanted = { violated: 'violation', unknown: 'blindness' } as const;

/** What is missing for the guarantees to be trusted, each as a sentence: a page, a planted violation, a planted blindness. */
export function unproved({ guarantees, planted, pages }: Proofs): readonly string[] {
  const shown = (outcome: Planted['outcome']): ReadonlySet<string> =>
    new Set(
      planted
        .filter((one) => one.outcome === outcome)
        .flatMap(({ findings }) => findings.map(({ promise }) => promise.guarantee)),
    );
  const missing = (outcome: Planted['outcome']): readonly string[] => {
    const there = shown(outcome);
    return guarantees
      .filter((name) => !there.has(name))
      .map((name) => `suites/sabotage: expected a planted ${wanted[outcome]} of ${name}, found none`);
  };
  const unpaged = guarantees
    .filter((name) => !pages.includes(name))
    .map((name) => `docs/guarantees/${name}.md: expected the page of ${name}, found none`);
  return [...unpaged, ...missing('violated'), ...missing('unknown')];
}
