import { expect } from 'chai';

import type { Attempt } from './attempt.ts';
import { classify } from './outcome.ts';

const answered = (status: number, body: unknown): Attempt => ({
  sent: true,
  status,
  body: JSON.stringify(body),
  error: null,
});
const broke = (sent: boolean, error: string): Attempt => ({ sent, status: 0, body: '', error });
const created = { kind: 'ConfigMap', metadata: { name: 'x' } };
const status = (message: string, reason = '') => ({ kind: 'Status', message, reason });

describe('the outcome of a write', () => {
  const cases: readonly (readonly [string, 'api' | 'data', Attempt, string, string | undefined])[] = [
    ['created', 'api', answered(201, created), 'ok', undefined],
    ['an answer that is not the record', 'api', answered(201, status('hello')), 'unknown', 'http-201 hello'],
    ['a success that creates nothing', 'api', answered(200, created), 'unknown', 'http-200'],
    ['put', 'data', answered(200, { header: { revision: '7' } }), 'ok', undefined],
    ['an answer without a revision', 'data', answered(200, {}), 'unknown', 'http-200'],
    ['no connection', 'api', broke(false, 'refused'), 'failed', 'refused'],
    ['no connection in time', 'data', broke(false, 'timeout'), 'failed', 'timeout'],
    ['no answer in time', 'api', broke(true, 'timeout'), 'unknown', 'timeout'],
    ['a connection that broke', 'data', broke(true, 'reset'), 'unknown', 'reset'],
    ['forbidden', 'api', answered(403, status('no')), 'failed', 'http-403 no'],
    ['too many requests', 'api', answered(429, status('later')), 'failed', 'http-429 later'],
    ['a conflict', 'api', answered(409, status('quota', 'Conflict')), 'failed', 'http-409 quota'],
    ['already there', 'api', answered(409, status('exists', 'AlreadyExists')), 'unknown', 'http-409 exists'],
    ['a time-out on the way', 'api', answered(408, status('slow')), 'unknown', 'http-408 slow'],
    [
      'etcd’s time-out',
      'api',
      answered(500, status('etcdserver: request timed out')),
      'unknown',
      'http-500 etcdserver: request timed out',
    ],
    [
      'no leader',
      'data',
      answered(503, { error: 'etcdserver: no leader', code: 14 }),
      'unknown',
      'http-503 etcdserver: no leader',
    ],
    ['no backend', 'api', { ...answered(503, ''), body: '<html>503</html>' }, 'unknown', 'http-503'],
  ];
  for (const [what, store, attempt, outcome, error] of cases)
    it(`is ${outcome} for ${what} (${store})`, () => {
      expect(classify(store, attempt)).to.deep.equal(error === undefined ? { outcome } : { outcome, error });
    });
});
