import { expect } from 'chai';

import type { Scenario } from '../../model/scenario.ts';
import { promisesOf, servicesOf, withServices } from './promises.ts';
import { biaSchema } from './schema.ts';

const services = servicesOf(
  biaSchema.parse({
    services: {
      logs: { tier: 4, rto: '4h' },
      shop: { paths: 'nodeport-*', writes: 'api-*', rto: '15s', rpo: '5m', errors: '0.1%', availability: '99.9%' },
    },
  }),
);
const scenario: Scenario = {
  name: 'drill',
  summary: 'A drill.',
  seed: 1,
  cluster: { provider: 'local', config: 'x.yaml', etcd: 'own' },
  workloads: [],
  load: { rate: 20, timeout: '1s', modes: ['new'] },
  faults: [],
  guarantees: [
    { guarantee: 'rto', params: { under: '1s', spacing: '100ms' } },
    { guarantee: 'pdb-honoured', params: {} },
  ],
  recoverWithin: '60s',
};

describe('the promises of a business impact analysis', () => {
  it('are those of its services, the most important first', () => {
    expect(services.map(({ name }) => name)).to.deep.equal(['shop', 'logs']);
    expect(services.flatMap(promisesOf)).to.deep.equal([
      { guarantee: 'rto', params: { under: '15s', path: 'nodeport-*' }, service: 'shop' },
      { guarantee: 'rpo', params: { target: 'api-*', lost: 0, within: '5m' }, service: 'shop' },
      { guarantee: 'error-budget', params: { objective: 99.9, path: 'nodeport-*' }, service: 'shop' },
      { guarantee: 'rto', params: { under: '4h', path: 'service' }, service: 'logs' },
    ]);
  });

  it('take the place of those of their kind, and of no other', () => {
    const promised = withServices(scenario, services.slice(1));
    expect(
      promised.guarantees.map(({ guarantee, params }) => [guarantee, params['under'], params['spacing']]),
    ).to.deep.equal([
      ['rto', '4h', '100ms'],
      ['pdb-honoured', undefined, undefined],
    ]);
    expect(promised.services).to.have.length(1);
  });
});
