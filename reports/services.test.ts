import { expect } from 'chai';

import type { GuaranteeSpec } from '../harness/model/guarantee.ts';
import type { RunReport } from '../harness/model/report.ts';
import { renderPage } from './html/page.ts';
import { incidentOf } from './incident.ts';
import { formatMarkdown } from './markdown.ts';
import { serviceTable } from './services.ts';
import { terminalVerdicts } from './terminal.ts';
import { syntheticRun } from './testdata/power-loss.ts';

/** The synthetic run as if its rto and rpo were those of two services. */
function withServices(): RunReport {
  const { report } = syntheticRun();
  const owners: Readonly<Record<string, string>> = { rto: 'shop', rpo: 'orders' };
  const owned = (spec: GuaranteeSpec): GuaranteeSpec => {
    const service = owners[spec.guarantee];
    return service === undefined ? spec : { ...spec, service };
  };
  return {
    ...report,
    scenario: {
      ...report.scenario,
      services: [
        { name: 'shop', tier: 1, paths: 'service', rto: '15s', availability: '99.9%' },
        { name: 'orders', tier: 2, paths: 'service', writes: 'api-*', rpo: 0 },
      ],
    },
    guarantees: report.guarantees.map((judged) => ({ ...judged, spec: owned(judged.spec) })),
  };
}

describe('the table of services', () => {
  it('is not there without a business impact analysis', () => {
    expect(serviceTable(syntheticRun().report)).to.equal(null);
  });

  it('sets targets beside what was measured', () => {
    const rows = serviceTable(withServices())?.rows.map(({ cells }) => cells.join(' | '));
    expect(rows).to.deep.equal([
      'shop | 1 | ✗ violated | 16.6–17.1 s of 15s | – | – | – | – | – | – | 92.356 % of the requests; target 99.9% | – | 0.64–0.66 % of 43 min 12 s in 720h',
      'orders | 2 | ✓ held | – | – | – | – | – | – | 0 of 0 | – | – | –',
    ]);
  });

  it('says in which order services that need each other came back', () => {
    const report = withServices();
    const times: Readonly<Record<string, readonly [failedMs: number, goodMs: number | null] | []>> = {
      shop: [1_000, 9_000],
      orders: [1_000, 7_500],
      stock: [1_000, 9_500],
      mail: [],
      bank: [1_000, null],
    };
    const judged = Object.entries(times).map(([service, [failedMs, goodMs]]) => {
      const phase = (name: string, atMs: number | null | undefined) =>
        typeof atMs === 'number' ? [{ name, atMs }] : [];
      const phases = [...phase('first failure', failedMs), ...phase('sustained good', goodMs)];
      return {
        spec: { guarantee: 'rto', params: {}, service },
        promise: 'x',
        verdict: { status: 'held', measured: 'x', figures: [], details: { paths: [], phases } },
      } as const;
    });
    const shop = { name: 'shop', tier: 1, paths: 'service', needs: ['orders', 'stock', 'mail', 'bank', 'rates'] };
    const table = serviceTable({
      ...report,
      scenario: { ...report.scenario, services: [shop] },
      guarantees: judged,
    });
    const at = table?.headings.indexOf('needs') ?? -1;
    expect(table?.rows[0]?.cells[at]).to.equal(
      'orders back 1.50 s earlier; stock back 500 ms later; mail never out; bank not back; rates not measured',
    );
  });

  it('is in every report for people', () => {
    const report = withServices();
    expect(formatMarkdown(report)).to.contain('| shop | 1 | ✗ violated | 16.6–17.1 s of 15s |');
    expect(terminalVerdicts(report, { color: false, width: 100 })).to.match(
      /✗ service\s+shop \(tier 1\)\s+RTO 16\.6–17\.1 s of/,
    );
    expect(renderPage(report, syntheticRun().history)).to.contain('<td>shop</td><td>1</td><td>✗ violated</td>');
  });
});

describe('the incident of an outage', () => {
  const told = (...phases: readonly (readonly [string, number])[]) =>
    incidentOf({ paths: [], phases: phases.map(([name, atMs]) => ({ name, atMs })) });

  it('is told in four times that follow each other', () => {
    const incident = told(
      ['first failure', 1_000],
      ['noticed', 5_000],
      ['withdrawn', 5_200],
      ['scheduled', 5_300],
      ['sustained good', 9_000],
      ['clean', 9_500],
      ['full redundancy', 12_000],
    );
    expect(incident).to.include({ detectionMs: 4_000, decisionMs: 200, recoveryMs: 3_800, verificationMs: 3_000 });
  });

  it('that nobody noticed before it was over has a recovery only', () => {
    const incident = told(['first failure', 1_000], ['sustained good', 2_000], ['clean', 2_000], ['noticed', 5_000]);
    expect(incident).to.include({ detectionMs: null, decisionMs: null, recoveryMs: 1_000, verificationMs: 0 });
  });

  it('that is not over has no recovery', () => {
    const incident = told(['first failure', 1_000], ['noticed', 5_000]);
    expect(incident).to.include({ detectionMs: 4_000, decisionMs: null, recoveryMs: null, verificationMs: null });
  });
});
