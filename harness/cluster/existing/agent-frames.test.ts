import { expect } from 'chai';

import { frame, FrameReader, framesOf } from './agent-frames.ts';

describe('FrameReader', () => {
  it('finds the frames in whatever pieces they come', () => {
    const bytes = Buffer.concat([
      ...framesOf(frame.output, Buffer.from('one')),
      ...framesOf(frame.ended, Buffer.of(3)),
    ]);
    for (const size of [1, 2, 4, 7, bytes.length]) {
      const reader = new FrameReader();
      const found = [];
      for (let at = 0; at < bytes.length; at += size) found.push(...reader.take(bytes.subarray(at, at + size)));
      expect(found.map(({ kind, payload }) => [kind, payload.toString('latin1')])).to.deep.equal([
        [frame.output, 'one'],
        [frame.ended, '\u0003'],
      ]);
    }
  });

  it('gives up on what is no frame', () => {
    expect(() => new FrameReader().take(Buffer.from('HTTP/1.1 400 Bad Request'))).to.throw(RangeError);
  });
});

describe('framesOf', () => {
  it('cuts what is too large for one frame, and makes one of nothing', () => {
    const large = Buffer.alloc(2 ** 20 + 1, 'x');
    expect(framesOf(frame.input, large).map(({ length }) => length)).to.deep.equal([2 ** 20 + 5, 6]);
    expect(framesOf(frame.inputEnd, Buffer.alloc(0))).to.deep.equal([Buffer.of(2, 0, 0, 0, 0)]);
  });
});
