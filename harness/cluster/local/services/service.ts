/** A program that runs on a node under its supervisor. */
export interface Service {
  readonly name: string;
  readonly argv: readonly string[];
  /**
   * `api` when the first start waits until the API answers: these would only fail and back off before.
   * Later starts of the node wait for nothing, as on any machine.
   */
  readonly after: 'power' | 'api';
}

/** Where a program of the toolchain is; throws when it was not asked for. */
export type ProgramPath = (name: string) => string;

/** Flags as `--name=value`, in the order given. */
export function flags(values: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${String(value)}`);
}
