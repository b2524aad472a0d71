import { expect } from 'chai';

import type { Planted } from '../../suites/sabotage/planted/planted.ts';
import { unproved } from './unproved.ts';

const plant = (outcome: Planted['outcome'], ...guarantees: readonly string[]): Planted => ({
  scenario: {
    name: 'x',
    summary: 'x',
    seed: 1,
    cluster: { provider: 'local', config: 'x', etcd: 'own' },
    workloads: [],
    load: { rate: 25, timeout: '1s', modes: ['new'] },
    faults: [],
    guarantees: [],
    recoverWithin: '1s',
  },
  outcome,
  findings: guarantees.map((guarantee) => ({ promise: { guarantee, params: {} }, plant: 'x', sentence: /x/ })),
});
const guarantees = ['rto', 'rpo'];

describe('the proofs of the guarantees', () => {
  it('are whole with a page, a violation and a blindness of each', () => {
    const planted = [plant('violated', 'rpo', 'rto'), plant('unknown', 'rto'), plant('unknown', 'rpo')];
    expect(unproved({ guarantees, planted, pages: ['rpo', 'rto', 'bia'] })).to.deep.equal([]);
  });

  it('name what is missing', () => {
    const planted = [plant('violated', 'rto'), plant('unknown', 'rpo')];
    expect(unproved({ guarantees, planted, pages: ['rto'] })).to.deep.equal([
      'docs/guarantees/rpo.md: expected the page of rpo, found none',
      'suites/sabotage: expected a planted violation of rpo, found none',
      'suites/sabotage: expected a planted blindness of rto, found none',
    ]);
  });
});
