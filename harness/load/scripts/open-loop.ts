// Runs in k6, not in Node: one scenario per path and connection mode, one line of output per request, nothing aggregated.
// Its input is the LOAD variable (LoadScript in ../script.ts), its output the array that ../line.ts reads.
import exec from 'k6/execution';
import http from 'k6/http';
import type { Options, Scenario } from 'k6/options';

declare const console: { log(message: string): void };

interface LoadScript {
  readonly paths: readonly { readonly name: string; readonly url: string }[];
  readonly modes: readonly ('new' | 'reused')[];
  readonly rate: number;
  readonly timeoutMs: number;
  readonly virtualUsers: number;
  readonly duration: string;
}

const load = JSON.parse(__ENV['LOAD'] ?? '') as LoadScript;
const streams = load.paths.flatMap((path) => load.modes.map((mode) => ({ ...path, mode })));

const scenario = (index: number): Scenario => ({
  executor: 'constant-arrival-rate',
  rate: load.rate,
  timeUnit: '1s',
  // The streams take turns, so that they do not all want the processor at the same instant.
  startTime: `${String(Math.floor((index * 1_000) / load.rate / streams.length))}ms`,
  duration: load.duration,
  // As many as can hang at once: a request that hangs must not keep the next one from being sent.
  preAllocatedVUs: load.virtualUsers,
  maxVUs: load.virtualUsers,
  gracefulStop: '0s',
  env: { STREAM: String(index) },
});

export const options: Options = {
  scenarios: Object.fromEntries(streams.map((_, index) => [`stream-${String(index)}`, scenario(index)])),
  // A redirect is an answer, and not the one that was asked for.
  maxRedirects: 0,
};

export default function request(): void {
  const stream = streams[Number(__ENV['STREAM'])];
  if (stream === undefined) throw new Error(`no stream ${String(__ENV['STREAM'])}`);
  // The wall clock has whole milliseconds, the test's own clock microseconds. Read in this order, wall minus own is
  // never more than their true distance, so its maximum over many requests is that distance (../line.ts).
  const wallMs = Date.now();
  const startMs = exec.instance.currentTestRunDuration;
  const answer = http.get(stream.url, {
    timeout: load.timeoutMs,
    headers: stream.mode === 'new' ? { Connection: 'close' } : {},
  });
  const endMs = exec.instance.currentTestRunDuration;
  const body = typeof answer.body === 'string' ? answer.body.slice(0, 1_024) : '';
  const { iterationInTest, startTime } = exec.scenario;
  console.log(
    JSON.stringify([
      stream.name,
      stream.mode,
      iterationInTest,
      startTime,
      wallMs,
      startMs,
      endMs,
      answer.status,
      answer.error_code,
      answer.error,
      body,
    ]),
  );
}
