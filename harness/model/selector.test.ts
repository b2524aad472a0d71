import { expect } from 'chai';

import { formatSelector, matches, type Selector } from './selector.ts';

const by = (key: string, operator: string, ...values: string[]): Selector => ({
  matchLabels: {},
  matchExpressions: [{ key, operator, values }],
});
const labels = { app: 'web', tier: 'front', weight: '5' };

describe('matches', () => {
  const rows: readonly [string, Selector | null, boolean][] = [
    ['an absent selector', null, false],
    ['an empty selector', { matchLabels: {}, matchExpressions: [] }, true],
    ['a label', { matchLabels: { app: 'web' }, matchExpressions: [] }, true],
    ['a label of another value', { matchLabels: { app: 'web', tier: 'back' }, matchExpressions: [] }, false],
    ['In', by('tier', 'In', 'front', 'back'), true],
    ['In without the label', by('zone', 'In', 'a'), false],
    ['NotIn', by('tier', 'NotIn', 'front'), false],
    ['NotIn without the label', by('zone', 'NotIn', 'a'), true],
    ['Exists', by('tier', 'Exists'), true],
    ['DoesNotExist', by('tier', 'DoesNotExist'), false],
    ['Gt', by('weight', 'Gt', '4'), true],
    ['Lt', by('weight', 'Lt', '4'), false],
    ['an unknown operator', by('tier', 'Like', 'front'), false],
  ];
  for (const [what, selector, expected] of rows) {
    it(`${what}: ${String(expected)}`, () => {
      expect(matches(selector, labels)).to.equal(expected);
    });
  }
});

describe('formatSelector', () => {
  it('prints as kubectl does', () => {
    const selector = {
      matchLabels: { app: 'web' },
      matchExpressions: [{ key: 'tier', operator: 'In', values: ['a', 'b'] }],
    };
    expect(formatSelector(selector)).to.equal('app=web,tier in (a,b)');
    expect(formatSelector(by('tier', 'DoesNotExist'))).to.equal('!tier');
    expect(formatSelector({ matchLabels: {}, matchExpressions: [] })).to.equal('everything');
    expect(formatSelector(null)).to.equal('nothing');
  });
});
