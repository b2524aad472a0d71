import { expect } from 'chai';

import type { RunReport } from '../harness/model/report.ts';
import { formatJunit } from './junit.ts';
import { syntheticRun } from './testdata/power-loss.ts';
import { type Element, parseXml } from './testdata/xml.ts';

function suiteOf(report: RunReport): Element {
  const root = parseXml(formatJunit(report));
  expect(root.name).to.equal('testsuites');
  expect(root.children).to.have.length(1);
  return root.children[0]!;
}

const casesOf = (suite: Element): Element[] => suite.children.filter(({ name }) => name === 'testcase');

function caseOf(report: RunReport, name: string): Element {
  const found = casesOf(suiteOf(report)).filter(({ attributes }) => attributes['name'] === name);
  expect(found, name).to.have.length(1);
  return found[0]!;
}

describe('junit', () => {
  it('has a case for each promise, each proof of a fault and the clean return', () => {
    const suite = suiteOf(syntheticRun().report);
    expect(suite.attributes['name']).to.equal('node-power-loss');
    expect(casesOf(suite).map(({ attributes }) => attributes['name'])).to.deep.equal([
      'rto',
      'rpo',
      'pdb-honoured',
      'topology-spread',
      'fault felt: 1-node-power-loss',
      'healed: 1-node-power-loss',
      'clean return (fingerprint)',
    ]);
    expect(new Set(casesOf(suite).map(({ attributes }) => attributes['classname']))).to.deep.equal(
      new Set(['shakedown.node-power-loss']),
    );
  });

  it('names the cases alike, whatever was allowed or measured', () => {
    const names = (report: RunReport): unknown => casesOf(suiteOf(report)).map(({ attributes }) => attributes['name']);
    expect(names(syntheticRun({ felt: false }).report)).to.deep.equal(names(syntheticRun().report));
    expect(names(syntheticRun({ rtoLimitMs: 20_000 }).report)).to.deep.equal(names(syntheticRun().report));
  });

  it('reports a violated promise as a failure with the sentence, the figures and the evidence', () => {
    const { report } = syntheticRun();
    const [failure, ...others] = caseOf(report, 'rto').children;
    expect(others).to.deep.equal([]);
    expect(failure?.name).to.equal('failure');
    expect(failure?.attributes['message']).to.match(/^violated rto\(15s\) - the service answers again within 15 s/);
    expect(failure?.text).to.contain('longest outage: 16.6–17.1 s, limit 15.0 s');
    expect(failure?.text).to.contain('"error":"timeout"');
    expect(suiteOf(report).attributes).to.include({ tests: '7', failures: '1', errors: '0', skipped: '0' });
  });

  it('reports what is unknown, and a fault that was not felt, as errors and never as passes', () => {
    const { report } = syntheticRun({ felt: false });
    const because = 'the fault 1-node-power-loss was injected but not felt: w4 was still Ready after 10 s';
    const [error] = caseOf(report, 'rto').children;
    expect(error?.name).to.equal('error');
    expect(error?.attributes).to.deep.equal({ message: because, type: 'unknown' });
    expect(caseOf(report, 'fault felt: 1-node-power-loss').children[0]?.name).to.equal('error');
    expect(suiteOf(report).attributes).to.include({ failures: '0', errors: '2' });
  });

  it('says the obstacle of a skipped run in every case, and counts none as passed', () => {
    const because = 'needs power switches, which kind has not';
    const report: RunReport = { ...syntheticRun().report, outcome: 'skipped', because, guarantees: [], faults: [] };
    const cases = casesOf(suiteOf(report));
    expect(cases).to.have.length(4);
    for (const { children } of cases) {
      expect(children.map(({ name, attributes }) => [name, attributes['message']])).to.deep.equal([
        ['skipped', because],
      ]);
    }
    expect(suiteOf(report).attributes).to.include({ tests: '4', skipped: '4' });
  });

  it('reports a harness error, with the phase that failed, and every promise that was not judged', () => {
    const phases = [{ name: 'acquire', startMs: 0, endMs: 9, error: 'port 6443 is taken' }];
    const base = syntheticRun().report;
    const report: RunReport = { ...base, outcome: 'harness-error', because: 'no cluster', guarantees: [], phases };
    const [error] = caseOf(report, 'the run itself').children;
    expect(error?.attributes).to.deep.equal({ message: 'no cluster', type: 'harness-error' });
    expect(error?.text).to.equal('acquire: port 6443 is taken');
    expect(caseOf(report, 'rpo').children[0]?.attributes['type']).to.equal('unknown');
  });

  it('reports what was left behind', () => {
    const fingerprint = { compared: ['w4'], differences: ['w4: nft: table ip shakedown (was not there before)'] };
    const [failure] = caseOf({ ...syntheticRun().report, fingerprint }, 'clean return (fingerprint)').children;
    expect(failure?.attributes['message']).to.equal('1 difference to what was there before the run');
    expect(failure?.text).to.contain('table ip shakedown');
  });

  it('does not pass a clean return that was never compared', () => {
    const report = { ...syntheticRun().report, fingerprint: { compared: [], differences: [] } };
    expect(caseOf(report, 'clean return (fingerprint)').children[0]?.name).to.equal('error');
  });

  it('stays well-formed whatever a sentence contains', () => {
    const nasty = ']]> <b a="1"> & \u0000\u001b[31m \uD800 end';
    const report: RunReport = { ...syntheticRun().report, outcome: 'harness-error', because: nasty, left: [nasty] };
    const [error] = caseOf(report, 'the run itself').children;
    expect(error?.attributes['message']).to.match(/^\]\]> <b a="1"> & .*end$/);
    expect(caseOf(report, 'clean return (fingerprint)').children[0]?.text).to.contain(']]> <b a="1"> &');
    // eslint-disable-next-line no-control-regex -- they must not be there
    expect(formatJunit(report)).not.to.match(/[\u0000\u001b]/);
  });

  it('carries what a replay needs as properties', () => {
    const properties = suiteOf(syntheticRun().report).children.find(({ name }) => name === 'properties');
    const given: unknown = Object.fromEntries(
      properties!.children.map(({ attributes }) => [attributes['name'], attributes['value']]),
    );
    expect(given).to.include({
      seed: '7',
      replay: 'shakedown run node-power-loss --seed 7',
      commit: '1dd8dd5',
      version: '0.1.0',
      kubernetes: 'v1.34.4',
      outcome: 'violated',
    });
  });
});
