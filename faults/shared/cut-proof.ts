import type { FaultContext } from '../../harness/model/fault.ts';
import { notYet, yes } from '../../harness/util/eventually.ts';
import { prove } from './prove.ts';
import { reach } from './reach.ts';

/** A connection that is tried from a node. */
export type Attempt = {
  readonly from: string;
  /** What it goes to, in words. */
  readonly to: string;
  readonly address: string;
  readonly port: number;
};

/** What a cut must silence, and what it must leave alone. */
export type CutChecks = { readonly across: readonly Attempt[]; readonly beside: readonly Attempt[] };

const inWords = ({ from, to }: Attempt): string => `${from} -> ${to}`;

/**
 * Every connection across the cut times out, twice in a row, while every one beside it is answered.
 * @throws HarnessError `fault-not-active`
 */
export async function proveCut(context: FaultContext, what: string, checks: CutChecks): Promise<string> {
  const options = { withinMs: 20_000, everyMs: 100, stable: 2, signal: context.signal };
  return prove('fault-not-active', what, options, async () => {
    const [across, beside] = await Promise.all([look(context, checks.across), look(context, checks.beside)]);
    const dead = beside.find(({ answer }) => answer === 'silent');
    if (dead !== undefined) return notYet(`${inWords(dead.attempt)}, which is not cut, is silent too`);
    const through = across.find(({ answer }) => answer !== 'silent');
    if (through !== undefined) return notYet(`${inWords(through.attempt)} is ${through.answer}`);
    const cut = across.map(({ attempt }) => inWords(attempt)).join(', ');
    return yes(`no answer on ${cut}, while ${beside.map(({ attempt }) => inWords(attempt)).join(', ')} is answered`);
  });
}

/** Every connection is answered again. @throws HarnessError `fault-not-gone` */
export async function proveJoined(context: FaultContext, what: string, across: CutChecks['across']): Promise<string> {
  const options = { withinMs: 30_000, everyMs: 200, signal: context.signal };
  return prove('fault-not-gone', what, options, async () => {
    const silent = (await look(context, across)).find(({ answer }) => answer === 'silent');
    if (silent !== undefined) return notYet(`${inWords(silent.attempt)} is silent`);
    return yes(`${across.map(inWords).join(', ')} is answered`);
  });
}

const look = ({ cluster, signal }: FaultContext, attempts: readonly Attempt[]) =>
  Promise.all(
    attempts.map(async (attempt) => ({
      attempt,
      answer: await reach(cluster.node(attempt.from), attempt.address, attempt.port, signal),
    })),
  );
