import type { History } from './history.ts';
import type { Json } from './json.ts';
import type { Verdict } from './verdict.ts';

/** A promise of a scenario, as data: `rto({ under: '15s' })` makes `{ guarantee: 'rto', params: { under: '15s' } }`. */
export interface GuaranteeSpec {
  readonly guarantee: string;
  readonly params: { readonly [key: string]: Json };
  /** The service of a business impact analysis whose promise it is; absent for a scenario's own. */
  readonly service?: string;
}

/** A kind of promise and its pure judge. */
export interface Guarantee<Params = unknown> {
  /** kebab-case; the name of the file. */
  readonly name: string;
  readonly summary: string;
  /** True when it stays undecided until the writing has ended and what is there was read back. */
  readonly needsReadBack?: true;
  /** Completes and checks what the scenario gave. @throws HarnessError `bad-input` naming the field */
  params(given: Json): Params;
  /** The sentence that a user could hold us to. */
  promise(params: Params): string;
  /** Pure: the same history gives the same verdict, to the byte. A gap over the fault's window is `unknown`. */
  judge(history: History, params: Params): Verdict;
}
