import { expect } from 'chai';

import { servicesOf } from './promises.ts';
import { biaSchema } from './schema.ts';

const refusals = (services: Readonly<Record<string, object>>): readonly string[] =>
  biaSchema.safeParse({ services }).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('what a service needs', () => {
  it('is a service that can be back before it', () => {
    expect(
      refusals({
        shop: { rto: '60s', needs: ['orders', 'stock'] },
        orders: { rto: '60s' },
        stock: { errors: '1%' },
      }),
    ).to.deep.equal([]);
    expect(refusals({ shop: { rto: '60s', needs: ['orders'] }, orders: { rto: '5m' } })).to.deep.equal([
      'services.shop.needs: expected an RTO of orders within its own, found 5m against 60s',
    ]);
  });

  it('is in the file', () => {
    expect(refusals({ shop: { rto: '60s', needs: ['odrers'] } })).to.deep.equal([
      "services.shop.needs: expected services of this file, found 'odrers'",
    ]);
  });

  it('does not need it in turn', () => {
    expect(
      refusals({
        shop: { rto: '60s', needs: ['orders'] },
        orders: { rto: '60s', needs: ['stock'] },
        stock: { rto: '60s', needs: ['orders'] },
      }),
    ).to.deep.equal([
      'services.orders.needs: expected no circle, found orders needs stock needs orders',
      'services.stock.needs: expected no circle, found stock needs orders needs stock',
    ]);
    expect(refusals({ shop: { rto: '60s', needs: ['shop'] } })).to.deep.equal([
      'services.shop.needs: expected no circle, found shop needs shop',
    ]);
  });

  it('stands before it, whatever its tier', () => {
    const bia = biaSchema.parse({
      services: {
        shop: { tier: 1, rto: '60s', needs: ['orders'] },
        mail: { tier: 2, rto: '60s' },
        orders: { tier: 3, rto: '30s', needs: ['stock'] },
        stock: { tier: 4, rto: '30s' },
      },
    });
    expect(servicesOf(bia).map(({ name }) => name)).to.deep.equal(['stock', 'orders', 'shop', 'mail']);
  });
});
