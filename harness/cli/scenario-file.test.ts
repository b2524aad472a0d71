import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { root } from '../util/paths.ts';
import { isFile, readScenarioFile } from './scenario-file.ts';

const good = {
  name: 'my-drill',
  summary: 'A drill.',
  seed: 7,
  cluster: { provider: 'local', config: 'kind-configs/three-zones.yaml', etcd: 'own' },
  workloads: [{ workload: 'web', options: {} }],
  load: { rate: 20, timeout: '1s', modes: ['new'] },
  faults: [{ fault: 'node-power-loss', params: {}, from: '5s', hold: '10s' }],
  guarantees: [{ guarantee: 'rto', params: { under: '15s' } }],
  recoverWithin: '60s',
};

describe('readScenarioFile', () => {
  let folder = '';
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'shakedown-scenario-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('reads YAML, JSON and the run.json of a stored run alike', () => {
    expect(readScenarioFile(write('a.json', JSON.stringify(good)))).to.deep.equal(good);
    expect(readScenarioFile(write('run.json', JSON.stringify({ schema: 1, scenario: good })))).to.deep.equal(good);
    const yaml = JSON.stringify(good).replace('{"name":"my-drill",', 'name: my-drill\n').replace(/\n.*/s, '');
    expect(() => readScenarioFile(write('half.yaml', yaml))).to.throw('half.yaml, field summary: expected string');
  });

  it('reads whose alerts are watched', () => {
    const alerts = { service: 'monitoring/prometheus:9090' };
    expect(readScenarioFile(write('alerts.json', JSON.stringify({ ...good, alerts }))).alerts).to.deep.equal(alerts);
  });

  it('reads the example, whose steps follow each other', () => {
    const { faults } = readScenarioFile(join(root, 'examples/scenario.yaml'));
    expect(faults.map(({ fault, following = false }) => [fault, following])).to.deep.equal([
      ['pod-kill', false],
      ['pod-kill', true],
      ['kubelet-freeze', true],
    ]);
  });

  const wrong: readonly (readonly [string, object, string])[] = [
    ['an unknown field', { ...good, sede: 1 }, "the whole file: found the unknown field 'sede'"],
    [
      'a field deep inside',
      { ...good, faults: [{ ...good.faults[0], hodl: '1s' }] },
      "field faults[0]: found the unknown field 'hodl'",
    ],
    ['alerts of nobody', { ...good, alerts: {} }, 'field alerts.service: expected string, found undefined'],
    ['a wrong type', { ...good, seed: 'x' }, 'field seed: expected number, found string'],
    [
      'a wrong choice',
      { ...good, cluster: { ...good.cluster, etcd: 'none' } },
      'field cluster.etcd: expected one of "own"|"all"',
    ],
    ['a duration without unit', { ...good, recoverWithin: 60 }, 'field recoverWithin: expected a duration such as 15s'],
  ];
  for (const [what, value, sentence] of wrong) {
    it(`names file and field of ${what}`, () => {
      const file = write('wrong.json', JSON.stringify(value));
      expect(() => readScenarioFile(file)).to.throw(`${file}, ${sentence}`);
    });
  }

  it('says so of a file that is not there, and of one that is no YAML', () => {
    expect(() => readScenarioFile('/nowhere/x.yaml')).to.throw(
      '/nowhere/x.yaml: expected a scenario file that can be read',
    );
    expect(() => readScenarioFile(write('bad.yaml', 'a: [1'))).to.throw('bad.yaml: expected YAML or JSON; ');
  });
});

describe('isFile', () => {
  it('tells a file from a name', () => {
    expect(['./x', 'x.yaml', 'a/b'].map(isFile)).to.deep.equal([true, true, true]);
    expect(isFile('etcd-leader-loss')).to.equal(false);
  });
});
