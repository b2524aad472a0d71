import { expect } from 'chai';

import { shortTime, whileTicking } from './ticker.ts';

describe('progress of long work', () => {
  it('writes times short', () => {
    expect([0, 8_400, 59_600, 80_000, 300_000].map(shortTime)).to.deep.equal(['0s', '8s', '1m0s', '1m20s', '5m0s']);
  });

  it('says at once what goes on and passes the result or the error on', async () => {
    const lines: string[] = [];
    const say = (line: string): void => void lines.push(line);
    expect(
      await whileTicking(
        say,
        (soFar) => `building, ${soFar}`,
        () => Promise.resolve(7),
      ),
    ).to.equal(7);
    expect(lines).to.deep.equal(['building, 0s']);
    const error = await whileTicking(
      say,
      () => '',
      () => Promise.reject(new Error('no')),
    ).catch((thrown: unknown) => thrown);
    expect((error as Error).message).to.equal('no');
  });
});
