// k6's error codes: https://grafana.com/docs/k6/latest/javascript-api/error-codes/ and lib/netext/httpext/error_codes.go of v1.8.1.
const exact: Readonly<Record<number, string>> = {
  1020: 'bad-url',
  1050: 'timeout',
  1201: 'broken-pipe',
  1211: 'timeout',
  1212: 'refused',
  1220: 'reset',
};

const inText: readonly (readonly [RegExp, string])[] = [
  [/no route to host|network is unreachable|host is down/i, 'unreachable'],
  [/i\/o timeout|deadline exceeded|connection timed out/i, 'timeout'],
  [/connection refused/i, 'refused'],
  [/connection reset/i, 'reset'],
  [/broken pipe/i, 'broken-pipe'],
  [/\bEOF\b|server closed idle connection/, 'closed'],
];

const ranges: readonly (readonly [number, number, string])[] = [
  [1100, 1199, 'dns'],
  [1200, 1299, 'tcp'],
  [1300, 1399, 'tls'],
  [1600, 1699, 'http2'],
  [1701, 1701, 'bad-body'],
];

/** The one word for why k6 has no answer: `timeout`, `refused`, `reset`, `unreachable`, `closed`, `dns` ... or `k6-CODE`. */
export function errorWord(code: number, text: string): string {
  return (
    exact[code] ??
    inText.find(([pattern]) => pattern.test(text))?.[1] ??
    ranges.find(([from, to]) => code >= from && code <= to)?.[2] ??
    `k6-${String(code)}`
  );
}
