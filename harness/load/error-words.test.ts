import { expect } from 'chai';

import { errorWord } from './error-words.ts';

describe('the word for an error of k6', () => {
  const cases: readonly (readonly [number, string, string])[] = [
    [1050, 'request timeout', 'timeout'],
    [1211, 'dial: i/o timeout', 'timeout'],
    [1212, 'dial: connection refused', 'refused'],
    [1220, 'read: connection reset by peer', 'reset'],
    [1201, 'write: broken pipe', 'broken-pipe'],
    [1101, 'lookup: no such host', 'dns'],
    [1213, 'dial: unknown errno `113` on linux with message `no route to host`', 'unreachable'],
    [1000, 'Get "http://198.18.0.2:30080/": EOF', 'closed'],
    [1000, 'unexpected EOF', 'closed'],
    [1310, 'x509: unknown authority', 'tls'],
    [1200, 'something else about tcp', 'tcp'],
    [1000, 'something new', 'k6-1000'],
  ];
  for (const [code, text, word] of cases)
    it(`is ${word} for ${String(code)} "${text}"`, () => {
      expect(errorWord(code, text)).to.equal(word);
    });
});
