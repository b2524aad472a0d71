import { expect } from 'chai';

import { checkLinearizability } from '../../harness/guarantees/linearizability/check.ts';
import {
  randomHistory,
  withWrongRead,
  type RandomHistory,
} from '../../harness/guarantees/linearizability/random-history.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import type { OpEvent } from '../../harness/model/history.ts';
import { seeded } from '../../harness/util/random.ts';
import { Porcupine } from './porcupine.ts';

/** Small enough that porcupine, which tries every use of an operation without an answer, always decides. */
const shapes: readonly RandomHistory[] = [
  { operations: 12, clients: 3, keys: 1, values: 2, unknownPercent: 10 },
  { operations: 20, clients: 4, keys: 1, values: 3, unknownPercent: 25 },
  { operations: 30, clients: 6, keys: 2, values: null, unknownPercent: 15 },
  { operations: 40, clients: 5, keys: 1, values: 4, unknownPercent: 10 },
  { operations: 60, clients: 3, keys: 3, values: 2, unknownPercent: 0 },
];
const perShape = 800;
const limit = 5_000_000;
/** So low that the search gives up, or answers from its second attempt alone: it must not say the contrary. */
const lowLimit = 300;

interface Case {
  readonly name: string;
  readonly history: readonly OpEvent[];
}

/** Every third history is as it was made; the others have one or two answers that were changed. */
function cases(shape: RandomHistory): Case[] {
  return Array.from({ length: perShape }, (_, seed) => {
    const random = seeded(seed, JSON.stringify(shape));
    const change = (history: readonly OpEvent[]): OpEvent[] =>
      withWrongRead(random, history, random.pick([null, 1 + random.below(shape.values ?? 15)]));
    const made = randomHistory(random, shape);
    const changes = seed % 3;
    const history = changes === 0 ? made : changes === 1 ? change(made) : change(change(made));
    return { name: `seed ${String(seed)} with ${String(changes)} changed`, history };
  });
}

const ours = (history: readonly OpEvent[], limit: number): string => {
  const { illegal, undecided } = checkLinearizability(history, limit);
  return illegal.length > 0 ? 'illegal' : undecided.length > 0 ? 'unknown' : 'linearizable';
};

describe('linearizability beside porcupine', function () {
  this.timeout('10m');
  let porcupine: Porcupine | undefined;
  before(async function () {
    try {
      porcupine = await Porcupine.build();
    } catch (error) {
      if (!(error instanceof HarnessError) || error.code !== 'not-here') throw error;
      this.skip();
    }
  });
  after(() => porcupine?.[Symbol.asyncDispose]());

  for (const shape of shapes) {
    it(`agrees on ${String(perShape)} histories of ${JSON.stringify(shape)}`, async () => {
      const all = cases(shape);
      const theirs = (await porcupine?.judge(all.map(({ history }) => history))) ?? [];
      const compared = all.map(({ name, history }, index) => ({
        name,
        theirs: theirs[index]?.status,
        ours: ours(history, limit),
        hasty: ours(history, lowLimit),
      }));
      expect(compared.filter((each) => each.ours !== each.theirs)).to.deep.equal([]);
      expect(compared.filter(({ hasty, theirs }) => hasty !== 'unknown' && hasty !== theirs)).to.deep.equal([]);
      const illegal = theirs.filter(({ status }) => status === 'illegal').length;
      expect(illegal, 'histories without an order').to.be.greaterThan(perShape / 10);
      expect(perShape - illegal, 'histories with an order').to.be.greaterThan(perShape / 3);
    });
  }
});
