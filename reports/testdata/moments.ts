/** The instants of the synthetic run, in ms since its start: a worker of zone b loses its power and gets it back. */
export const moments = {
  loadFrom: 14_000,
  injecting: 24_000,
  injected: 24_120,
  felt: 24_910,
  notReady: 40_400,
  withdrawn: 40_600,
  evicted: 45_600,
  scheduled: 45_720,
  replaced: 48_300,
  healing: 54_000,
  healed: 54_310,
  gone: 54_640,
  nodeReady: 57_200,
  removed: 57_900,
  end: 70_000,
} as const;

export const victim = 'w4';
export const zones = ['a', 'b', 'c'] as const;
export const workers = ['w1', 'w2', 'w3', 'w4', 'w5', 'w6'] as const;
export const podOf = (node: string): string => `web-6c9f7d5b48-${node}x`;
export const replacement = 'web-6c9f7d5b48-new4z';

/** The zone of a worker: two to each. */
export function zoneOf(node: string): string {
  return zones[Math.floor((Number(node.slice(1)) - 1) / 2)] ?? 'a';
}

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
