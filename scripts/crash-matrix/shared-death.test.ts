import { setImmediate } from 'node:timers/promises';

import { expect } from 'chai';

import { SharedDeath } from './shared-death.ts';

describe('a death that several runners share', () => {
  /** What happened, in order. */
  let told: string[];
  const kill = (): void => void told.push('killed');
  const turned = (death: SharedDeath, id: string): void =>
    void death
      .of(id)
      .turn()
      .then(() => told.push(`${id} goes on`));
  beforeEach(() => {
    told = [];
  });

  it('comes when the last of those who stand has come to its place', async () => {
    const death = new SharedDeath(['a', 'b'], [], kill);
    void death.of('a').stand();
    await setImmediate();
    expect(told).to.deep.equal([]);
    void death.of('b').stand();
    expect(told).to.deep.equal(['killed']);
  });

  it('lets who cannot stand go on when all others do, and comes where it says', async () => {
    const death = new SharedDeath(['a'], ['m'], kill);
    turned(death, 'm');
    await setImmediate();
    expect(told).to.deep.equal([]);
    void death.of('a').stand();
    await setImmediate();
    expect(told).to.deep.equal(['m goes on']);
    death.of('m').now();
    expect(told).to.deep.equal(['m goes on', 'killed']);
  });

  it('lets a runner that is alone go on at once', async () => {
    turned(new SharedDeath([], ['m'], kill), 'm');
    await setImmediate();
    expect(told).to.deep.equal(['m goes on']);
  });

  it('waits for nobody who has ended by itself', () => {
    const death = new SharedDeath(['a', 'b'], ['m'], kill);
    void death.of('a').stand();
    death.ended('b');
    expect(told).to.deep.equal([]);
    death.ended('m');
    expect(told).to.deep.equal(['killed']);
  });

  it('does not come when all have ended by themselves', () => {
    const death = new SharedDeath(['a'], ['m'], kill);
    death.ended('m');
    death.ended('a');
    expect(told).to.deep.equal([]);
  });
});
