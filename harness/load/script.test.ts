import { expect } from 'chai';

import { HarnessError } from '../model/errors.ts';
import { defaultProfile, k6Command, loadScript } from './script.ts';

const paths = [
  { name: 'a', url: 'http://198.18.0.1/' },
  { name: 'b', url: 'http://198.18.0.2/' },
];

describe("k6's script", () => {
  it('has as many virtual users as requests can hang at once', () => {
    expect(loadScript(paths, defaultProfile).virtualUsers).to.equal(90);
    expect(loadScript(paths, { ...defaultProfile, rate: 33, timeout: '250ms' }).virtualUsers).to.equal(19);
  });

  const wrong: readonly (readonly [object, string])[] = [
    [{ rate: 0 }, 'load.rate: expected a whole number of requests from 1 to 200, found 0'],
    [{ rate: 20.5 }, 'load.rate: expected a whole number of requests from 1 to 200, found 20.5'],
    [{ timeout: '5min' }, "load.timeout: expected a duration such as 250ms, 15s, 2m or 1h, found '5min'"],
    [{ timeout: '2m' }, 'load.timeout: expected from 10ms to 60s, found "2m"'],
    [{ modes: [] }, 'load.modes: expected new, reused or both, found []'],
  ];
  for (const [change, sentence] of wrong)
    it(`refuses ${JSON.stringify(change)}`, () => {
      expect(() => loadScript(paths, { ...defaultProfile, ...change })).to.throw(HarnessError, sentence);
    });

  it('refuses two paths of one name', () => {
    expect(() => loadScript([...paths, ...paths.slice(0, 1)], defaultProfile)).to.throw(HarnessError, 'load.paths');
  });

  it('shields k6 from the environment of the caller', () => {
    const command = k6Command('/bin/k6', loadScript(paths, defaultProfile), '/logs');
    const shield = command.indexOf('env');
    expect(command.slice(shield, shield + 3)).to.deep.equal(['env', '-i', 'HOME=/logs']);
    expect(command.indexOf('/bin/k6')).to.be.greaterThan(shield);
  });
});
