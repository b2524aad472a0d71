import { expect } from 'chai';

import type { Json } from '../model/json.ts';
import { guarantees } from './index.ts';

const refused = (name: string, given: Json): string => {
  const guarantee = guarantees.find((one) => one.name === name);
  try {
    guarantee?.params(given);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'accepted';
};

const rows: readonly [string, Json, string][] = [
  ['rto', {}, 'rto.under: expected a duration such as 250ms, 15s, 2m or 1h, found nothing'],
  ['rto', { under: '15' }, "rto.under: expected a duration such as 250ms, 15s, 2m or 1h, found '15'"],
  ['rto', { under: '0s' }, 'rto.under: expected a duration above zero, found "0s"'],
  ['rto', { undr: '15s' }, 'rto.undr: there is no such field; expected one of under, path, mode, sustain, spacing'],
  ['rto', { under: '15s', mode: 'old' }, 'rto.mode: expected one of new, reused, found "old"'],
  ['rto', { under: '15s', path: '' }, 'rto.path: expected a name or a pattern such as nodeport-*, found ""'],
  ['rto', 'fast', 'rto: expected an object, found "fast"'],
  ['rpo', { lost: -1 }, 'rpo.lost: expected a whole number of at least 0, found -1'],
  ['rpo', { lost: 0.5 }, 'rpo.lost: expected a whole number of at least 0, found 0.5'],
  ['pdb-honoured', { budgets: 'web' }, 'pdb-honoured.budgets: there is no such field; expected one of budget'],
  [
    'topology-spread',
    { within: '5s', maxSkew: 0 },
    'topology-spread.maxSkew: expected a whole number of at least 1, found 0',
  ],
  ['rto', { under: '15s', path: 'nodeport-*', mode: 'new', sustain: '2s' }, 'accepted'],
];

describe('params of guarantees', () => {
  for (const [name, given, says] of rows) {
    it(`${name} ${JSON.stringify(given)}`, () => {
      expect(refused(name, given)).to.equal(says);
    });
  }

  it('every guarantee has a name in kebab-case and a summary, and no two share a name', () => {
    const names = guarantees.map(({ name }) => name);
    expect(new Set(names)).to.have.lengthOf(names.length);
    for (const { name, summary } of guarantees) {
      expect(name).to.match(/^[a-z]+(-[a-z]+)*$/);
      expect(summary).to.match(/^[A-Z].*[^.]$/);
    }
  });
});
