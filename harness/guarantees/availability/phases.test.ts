import { expect } from 'chai';

import { faultWindow } from '../fault-window.ts';
import { indexHistory } from '../history-index.ts';
import { fault, history, node, pod, state } from '../testing/histories.ts';
import { phaseDetails, phasesOf } from './phases.ts';

const slice = (atMs: number, ready: readonly string[], notReady: readonly string[] = []) =>
  state('EndpointSlice', 'web-x', atMs, {
    service: 'web',
    endpoints: [...ready, ...notReady].map((name) => {
      const isReady = ready.includes(name);
      return { pod: name, node: 'w1', zone: 'a', ready: isReady, serving: isReady, terminating: false };
    }),
  });

describe('phasesOf', () => {
  it('finds the steps from the fault to full redundancy on one clock', () => {
    const events = history(fault({ healedMs: null }), [
      node('w1', 'a', 0),
      pod('web-a', 'w1', 100),
      slice(200, ['web-a', 'web-b', 'web-c']),
      node('w1', 'a', 11_000, { ready: 'Unknown', reason: 'NodeStatusUnknown' }),
      slice(11_100, ['web-b', 'web-c'], ['web-a']),
      slice(11_400, ['web-b'], ['web-a', 'web-c']),
      pod('web-d', null, 12_000, { ready: false }),
      pod('web-d', 'w2', 12_050, { ready: false }),
      pod('web-d', 'w2', 13_000),
      slice(13_100, ['web-b', 'web-d'], ['web-a', 'web-c']),
      slice(15_000, ['web-b', 'web-c', 'web-d'], ['web-a']),
    ]);
    const index = indexHistory(events);
    const window = faultWindow(index);
    if ('unknown' in window) throw new Error(window.unknown);
    const phases = phaseDetails(phasesOf(index, window), window.startMs) as { name: string; sinceFaultMs: number }[];
    expect(phases.map(({ name, sinceFaultMs }) => [name, sinceFaultMs])).to.deep.equal([
      ['injecting', 0],
      ['injected', 50],
      ['felt', 100],
      ['noticed', 1_000],
      ['withdrawn', 1_100],
      ['last withdrawn', 1_400],
      ['scheduled', 2_050],
      ['ready', 3_000],
      ['full redundancy', 5_000],
    ]);
  });

  it('does not call it full redundancy while a service lacks endpoints', () => {
    const events = history(fault(), [slice(200, ['web-a', 'web-b']), slice(11_000, ['web-b'], ['web-a'])]);
    const index = indexHistory(events);
    const window = faultWindow(index);
    if ('unknown' in window) throw new Error(window.unknown);
    expect(phasesOf(index, window).map(({ name }) => name)).not.to.include('full redundancy');
  });
});
