import { expect } from 'chai';

import { fits, wantedText } from './program.ts';

describe('versions of programs', () => {
  for (const [wanted, version, expected] of [
    [{ exactly: '1.34.4' }, '1.34.4', true],
    [{ exactly: '1.34.4' }, '1.32.4-dispatcher', false],
    [{ exactly: '1.34.4' }, '1.34.40', false],
    [{ atLeast: '1.6' }, '1.6.20~ds1', true],
    [{ atLeast: '1.6' }, '1.10.0', true],
    [{ atLeast: '1.6' }, '1.5.99', false],
    [{ atLeast: '2.4' }, '2.6.12-1+deb12u4', true],
    [{ atLeast: '1.8.5' }, '1.8', false],
    [{ atLeast: '5.10' }, '6.1.0', true],
    [{ atLeast: '1.0' }, '', false],
    ['any', '', true],
  ] as const) {
    it(`${wantedText(wanted)} ${expected ? 'takes' : 'refuses'} '${version}'`, () => {
      expect(fits(wanted, version)).to.equal(expected);
    });
  }
});
