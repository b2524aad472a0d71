import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { withServices } from '../guarantees/bia/promises.ts';
import { judgeRun } from '../run/index.ts';
import { root } from '../util/paths.ts';
import { readBiaFile } from './bia-file.ts';
import { catalogue } from './catalogue.ts';
import { withGoldenRun } from './golden-run.ts';
import { scenarioSchema } from './scenario-schema.ts';

describe('readBiaFile', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'shakedown-bia-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('reads the example, whose promises can be judged and stored', () => {
    const services = readBiaFile(join(root, 'examples/bia.yaml'));
    expect(services.map(({ name }) => name)).to.deep.equal(['checkout', 'orders', 'reporting']);
    const report = withGoldenRun('careless-workload-violated', (directory) =>
      judgeRun(directory, catalogue, (scenario) => withServices(scenario, services)),
    );
    const statuses = report.guarantees.map(
      ({ spec, verdict }) => `${spec.service ?? ''} ${spec.guarantee} ${verdict.status}`,
    );
    expect(statuses).to.include('checkout rto held').and.include('orders rpo violated');
    expect(scenarioSchema.parse(JSON.parse(JSON.stringify(report.scenario)))).to.deep.equal(report.scenario);
  });

  const wrong: readonly (readonly [what: string, text: string, sentence: string])[] = [
    [
      'an RTO without a unit',
      'services: { shop: { rto: 15 } }',
      'field services.shop.rto: expected a duration above zero such as 250ms, 15s, 5m or 4h, found 15',
    ],
    [
      'a misspelt field',
      'services: { shop: { rto: 15s, rpo_: 0 } }',
      "field services.shop: found the unknown field 'rpo_'",
    ],
    [
      'an RPO of nothing',
      'services: { shop: { rto: 15s, rpo: 0 } }',
      'field services.shop.writes: expected the targets through which its data is written, such as api-*, because it has an RPO; found nothing',
    ],
    [
      'a service without a target',
      'services: { shop: { tier: 2 } }',
      'field services.shop.rto: expected an RTO, an RPO or the errors that may be, found none of them',
    ],
    [
      'an availability of more than all',
      'services: { shop: { rto: 15s, availability: 100% } }',
      'field services.shop.availability: expected a percentage above 0% and below 100%, such as 99.9%, found "100%"',
    ],
    ['no service', 'services: {}', 'field services: expected at least one service, found none'],
    ['something else', 'just text', 'the whole file: expected object, found string'],
  ];
  for (const [what, text, sentence] of wrong)
    it(`names file and field of ${what}`, () => {
      const file = join(folder, 'bia.yaml');
      writeFileSync(file, text);
      expect(() => readBiaFile(file)).to.throw(`${file}, ${sentence}`);
    });

  it('says so when there is no such file', () => {
    expect(() => readBiaFile(join(folder, 'none.yaml'))).to.throw(
      'expected a business impact analysis that can be read',
    );
  });
});
