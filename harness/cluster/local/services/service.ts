/**
 * The order of a cluster's first start: what is switched on at once, what takes a second before it asks an API server
 * that is making its roles (`serving`), what would only fail and back off before the API is ready (`api`), and what would
 * only take processor time from the nodes that are becoming Ready (`nodes`).
 */
export type Stage = 'power' | 'serving' | 'api' | 'nodes';

/** A program that runs on a node under its supervisor. */
export interface Service {
  readonly name: string;
  readonly argv: readonly string[];
  /** What the first start waits for. Later starts of the node wait for nothing, as on any machine. */
  readonly after: Stage;
}

/** Where a program of the toolchain is; throws when it was not asked for. */
export type ProgramPath = (name: string) => string;

/** Flags as `--name=value`, in the order given. */
export function flags(values: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${String(value)}`);
}
