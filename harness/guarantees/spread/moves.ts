/** Pods that would have to go from one domain to another. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly pods: number;
}

/** A domain of thousands of pods is beyond any sentence. */
const mostSteps = 10_000;

/** The fewest pods to move until no domain has more than `maxSkew` above the emptiest: always from the fullest to it. */
export function movesTo(domains: Readonly<Record<string, number>>, maxSkew: number): readonly Move[] {
  const counts = new Map(Object.entries(domains));
  const moves = new Map<string, Move>();
  for (let step = 0; step < mostSteps && counts.size > 1; step += 1) {
    const sorted = [...counts].sort(([nameA, a], [nameB, b]) => b - a || (nameA < nameB ? -1 : 1));
    const [from, most] = sorted[0] ?? ['', 0];
    const [to, least] = sorted.at(-1) ?? ['', 0];
    // With a difference of one, moving a pod only swaps the two.
    if (most - least <= Math.max(1, maxSkew)) break;
    counts.set(from, most - 1);
    counts.set(to, least + 1);
    const key = `${from}/${to}`;
    moves.set(key, { from, to, pods: (moves.get(key)?.pods ?? 0) + 1 });
  }
  return [...moves.values()];
}

/** `1 pod from b to a, 2 pods from c to a`; empty when nothing has to move. */
export const formatMoves = (moves: readonly Move[]): string =>
  moves.map(({ from, to, pods }) => `${String(pods)} pod${pods === 1 ? '' : 's'} from ${from} to ${to}`).join(', ');
