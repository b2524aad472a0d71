import { createHash } from 'node:crypto';

import { expect } from 'chai';

import type { History, HistoryEvent } from '../../harness/model/history.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { syntheticRun, type SyntheticOptions } from '../testdata/power-loss.ts';
import { renderPage } from './page.ts';

function render(options: SyntheticOptions = {}): string {
  const { report, history } = syntheticRun(options);
  return renderPage(report, history);
}

/** The text of one section, by its id. */
function section(page: string, id: string): string {
  const found = new RegExp(`<section id="${id}">[\\s\\S]*?</section>`).exec(page);
  expect(found, id).not.to.equal(null);
  return found![0];
}

const lanesOf = (text: string): number => (text.match(/role="img"/g) ?? []).length;

describe('report.html', () => {
  it('opens with the outcome, why, and how to replay', () => {
    const page = render();
    const header = /<header[\s\S]*<\/header>/.exec(page)![0];
    expect(page).to.contain('<title>✗ violated: node-power-loss</title>');
    expect(header).to.contain('violated rto(15s) - the service answers again within 15 s');
    expect(header).to.contain('<code id="replay-command">shakedown run node-power-loss --seed 7</code>');
    expect(header).to.contain('Kubernetes v1.34.4, 9 nodes in 3 zones (local)');
  });

  it('says each promise with its verdict in words, its figure and its limit, the worst first', () => {
    const promises = section(render(), 'promises');
    expect(promises.match(/<article class="card promise (\w+)/g)!.map((text) => text.split(' ').at(-1))).to.deep.equal([
      'violated',
      'held',
      'held',
      'held',
    ]);
    expect(promises).to.contain('<b>16.6–17.1 s</b>');
    expect(promises).to.contain('limit 15.0 s');
    expect(promises).to.contain('</b> violated</span>');
  });

  it('draws the error bar from the lower to the upper bound', () => {
    const promises = section(render({ rtoLimitMs: 20_000 }), 'promises');
    // The bar ends at 1.15 times the limit: 16.571 s of 23 s, 17.1286 s of 23 s.
    expect(promises).to.match(/<i class="error" style="left:72%;width:2\.5\d*%">/);
    expect(promises).to.contain('<i class="limit" style="left:87%">');
    expect(promises).not.to.contain('fill over');
  });

  it('shows when the fault was felt and healed, or that it was not felt', () => {
    expect(section(render(), 'faults')).to.contain('<b>felt</b><span>t+24.91 s<small> +790 ms</small></span>');
    const faults = section(render({ felt: false }), 'faults');
    expect(faults).to.contain('<b>? felt</b><span>the victim never felt it</span>');
    expect(faults).to.contain('? not felt</b> w4 was still Ready after 10 s');
  });

  it('speaks of the fault, or of the faults', () => {
    const { report, history } = syntheticRun();
    const two = { ...report, faults: [...report.faults, ...report.faults] };
    expect(section(render(), 'faults')).to.contain('<h2>The fault</h2>');
    expect(section(renderPage(two, history), 'faults')).to.contain('<h2>The faults</h2>');
  });

  it('has a strip for each path and mode, the control target and each target of writes', () => {
    const glance = section(render(), 'glance');
    expect(lanesOf(glance)).to.equal(1 + 7 + 5);
    expect(glance).to.contain('nodeport-zone-a: 111 of 2080 requests failed between t+24.02 s');
    expect(glance).to.contain('control: all 2080 requests answered');
    expect(glance).to.contain('etcd-data: 15 of 520 operations failed or of unknown fate');
  });

  it('hands the charts every failure and the fault from its first touch', () => {
    const { report, history } = syntheticRun();
    const stored = /<script type="application\/json" id="chart-data">(.*?)<\/script>/.exec(
      renderPage(report, history),
    )!;
    const data = JSON.parse(stored[1]!) as {
      paths: { path: string; modes: { mode: string; failed: number[] }[] }[];
      faults: unknown;
    };
    const failed = data.paths.flatMap(({ modes }) => modes.flatMap((mode) => mode.failed)).reduce((a, b) => a + b, 0);
    expect(failed).to.equal(history.filter((event) => event.kind === 'request' && !event.ok).length);
    expect(data.paths.map(({ path, modes }) => [path, ...modes.map(({ mode }) => mode)])).to.deep.equal([
      ['nodeport-zone-a', 'new', 'reused'],
      ['nodeport-zone-b', 'new', 'reused'],
      ['nodeport-zone-c', 'new', 'reused'],
      ['control', 'new'],
    ]);
    expect(data.faults).to.deep.equal([{ step: '1-node-power-loss', startMs: 24_000, endMs: 54_310, feltMs: 24_910 }]);
  });

  it('draws nodes, pods by zone, spread, budgets, outages and the steps of the recovery', () => {
    const page = render();
    expect(lanesOf(section(page, 'nodes'))).to.equal(9);
    expect(section(page, 'nodes')).to.contain('w4: Ready from t+9.70 s, Unknown from t+40.40 s, Ready from t+57.20 s');
    expect(lanesOf(section(page, 'pods'))).to.equal(3 + 7);
    expect(section(page, 'pods')).to.contain('terminating, t+45.60 s to t+57.90 s');
    expect(section(page, 'skew')).to.contain('skew 1: 2/1/2, 5 of 6 ready');
    expect(section(page, 'budgets')).to.contain('5/4 healthy, 1 may go');
    expect(section(page, 'budgets')).to.contain('<td>node-loss</td>');
    expect(section(page, 'recovery')).to.contain('w4 Ready=Unknown (NodeStatusUnknown)');
    expect(lanesOf(section(page, 'recovery'))).to.equal(9 + 6);
    expect(section(page, 'evidence')).to.contain('&quot;error&quot;:&quot;timeout&quot;');
    expect(section(page, 'settings')).to.contain('<td>node-monitor-grace-period</td><td><b>16s</b></td>');
  });

  it('says what is missing rather than leaving a hole', () => {
    const bare: RunReport = {
      ...syntheticRun().report,
      outcome: 'harness-error',
      because: 'the cluster did not become ready',
      cluster: null,
      settings: [],
      phases: [],
      faults: [],
      guarantees: [],
      fingerprint: { compared: [], differences: [] },
    };
    const page = renderPage(bare, []);
    for (const sentence of [
      'No promise was judged. The scenario makes these:',
      'No fault was injected',
      'No requests were recorded',
      'No node events were recorded.',
      'No pod events were recorded.',
      'No judge recorded a skew timeline.',
      'No events of disruption budgets were recorded.',
      'No operations on data were recorded.',
      'No live settings were read back.',
      'whether all is as before is unknown',
      'no cluster was reached',
    ]) {
      expect(page).to.contain(sentence);
    }
  });

  it('draws what it can of a history by another version', () => {
    const odd: HistoryEvent = {
      kind: 'state',
      atMs: 20_000,
      change: 'modified',
      object: 'Node',
      namespace: '',
      name: 'w9',
      uid: 'w9',
      value: { ready: 7 },
    };
    const { report, history } = syntheticRun();
    expect(lanesOf(section(renderPage(report, [...history, odd]), 'nodes'))).to.equal(9);
  });

  it('shows the times in which a probe did not see', () => {
    const { report, history } = syntheticRun();
    const gap: HistoryEvent = {
      kind: 'gap',
      probe: 'watch-pods',
      startMs: 30_000,
      endMs: 31_000,
      because: 'reconnected',
    };
    const page = renderPage(report, [...history, gap]);
    expect(section(page, 'gaps')).to.contain('<b>watch-pods</b>: blind 1 time, 1.00 s in all');
    expect(section(page, 'gaps')).to.contain('t+30.00 s to t+31.00 s: reconnected');
    expect(section(page, 'glance')).to.contain('watch-pods: blind 1 time: reconnected');
  });

  it('shows when an alert fired that did not from the beginning on', () => {
    const { report, history } = syntheticRun();
    const alert = (
      name: string,
      change: 'added' | 'deleted',
      atMs: number,
      lastLookMs: number | null,
    ): HistoryEvent => {
      const value = { labels: { alertname: name, pod: 'web-1' }, activeMs: null, lastLookMs };
      return { kind: 'state', atMs, change, object: 'Alert', namespace: '', name, uid: name, value };
    };
    const down = [alert('Down', 'added', 30_000, 28_000), alert('Down', 'deleted', 40_000, 38_000)];
    const page = renderPage(report, [...history, alert('Watchdog', 'added', 1_000, null), ...down]);
    expect(section(page, 'glance')).to.contain('Down: fired t+30.00 s to t+40.00 s');
    expect(section(page, 'glance')).to.contain('Down{pod=&quot;web-1&quot;}').and.not.to.contain('Watchdog');
  });

  it('warns when the control target failed, because then the harness stalled', () => {
    const { report, history } = syntheticRun();
    const stalled = history.map((event) =>
      event.kind === 'request' && event.path === 'control' && event.seq === 9 ? { ...event, ok: false } : event,
    );
    expect(section(renderPage(report, stalled), 'glance')).to.contain('? 1 request to the control target failed');
    expect(section(renderPage(report, history), 'glance')).not.to.contain('to the control target failed');
  });

  it('lets no name of a cluster become markup', () => {
    const nasty = '</script><script>alert(1)</script><img src=x onerror=alert(2)>';
    const { report, history } = syntheticRun();
    const rename = (event: HistoryEvent): HistoryEvent => {
      if (event.kind === 'state') return { ...event, name: nasty, namespace: nasty };
      if (event.kind === 'request') return { ...event, path: `${event.path}${nasty}`, error: nasty };
      if (event.kind === 'op') return { ...event, target: nasty };
      return event;
    };
    const renamed: History = history.map(rename);
    const fault = { ...report.faults[0]!, step: nasty, targets: [nasty], active: { proved: true, evidence: nasty } };
    const page = renderPage(
      {
        ...report,
        id: nasty,
        because: nasty,
        replay: nasty,
        faults: [fault],
        left: [nasty],
        settings: [{ name: nasty, value: nasty, source: nasty }],
        phases: [{ name: nasty, startMs: 0, endMs: 1, error: nasty }],
        guarantees: report.guarantees.map((judged) => ({
          ...judged,
          promise: nasty,
          verdict: {
            status: 'violated',
            because: nasty,
            measured: nasty,
            figures: [{ name: nasty, unit: 'count', lower: 1, upper: 2, limit: 1 }],
            evidence: [],
            details: { removals: [{ [nasty]: nasty }], paths: [{ path: nasty, because: nasty }] },
          },
        })),
      },
      renamed,
    );
    expect(page).not.to.contain('<img');
    expect(page).not.to.contain('<script>alert');
    expect(page.match(/<script/g)).to.have.length(2);
    expect(page.match(/<\/script/g)).to.have.length(2);
  });

  it('runs its own script alone and fetches nothing', () => {
    const page = render();
    const script = /<script>([\s\S]*?)<\/script>/.exec(page)![1]!;
    const hash = createHash('sha256').update(script).digest('base64');
    expect(page).to.contain(`script-src &#39;sha256-${hash}&#39;`);
    expect(page).to.contain('default-src &#39;none&#39;');
    expect(page).not.to.match(/<(link|img|iframe|object|embed)\b|@import|\ssrc=|\bon\w+="/);
    expect(page.replaceAll('https://github.com/leeoniya/uPlot', '')).not.to.match(/\bhttps?:\/\/(?!www\.w3\.org)/);
  });

  it('stays below 2 MB for half an hour, with every failure', () => {
    const page = render({ durationMs: 1_800_000 });
    expect(Buffer.byteLength(page)).to.be.below(2_000_000);
    const sums = [...section(page, 'glance').matchAll(/✗ (\d+) failed/g)].map(([, failed]) => Number(failed));
    expect(sums.reduce((all, failed) => all + failed, 0)).to.equal(770);
    // Half a million requests are made first; on a busy machine that takes its time.
  }).timeout(30_000);

  it('is the same to the byte for the same run', () => {
    expect(render()).to.equal(render());
  });
});
