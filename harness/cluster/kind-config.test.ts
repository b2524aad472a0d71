import { resolve } from 'node:path';

import { expect } from 'chai';

import { HarnessError } from '../model/errors.ts';
import { parseKindConfig, readKindConfig } from './kind-config.ts';

const head = 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n';

function refusal(text: string): string {
  try {
    parseKindConfig(text, 'x.yaml');
  } catch (error) {
    expect(error).to.be.instanceOf(HarnessError).with.property('code', 'bad-input');
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

describe('readKindConfig', () => {
  it('reads the configs of the repository', async () => {
    const folder = resolve(import.meta.dirname, '../../kind-configs');
    const shapes = await Promise.all(
      ['three-zones', 'small', 'single'].map(async (name) => {
        const { nodes } = await readKindConfig(`${folder}/${name}.yaml`);
        return nodes.map(
          ({ role, labels }) => `${role[0] ?? ''}${labels['topology.kubernetes.io/zone']?.at(-1) ?? ''}`,
        );
      }),
    );
    expect(shapes.map((shape) => shape.join(' '))).to.deep.equal([
      'ca cb cc wa wb wc wa wb wc',
      'ca wa wb wc',
      'ca wa',
    ]);
  });

  it('gives one control plane when no nodes are named, as kind does', () => {
    expect(parseKindConfig(head, 'x.yaml').nodes).to.deep.equal([{ role: 'control-plane', labels: {} }]);
  });

  it('says which file is missing', async () => {
    const error = await readKindConfig('/nonexistent/x.yaml').catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(HarnessError);
    expect((error as Error).message).to.match(/^\/nonexistent\/x\.yaml: expected a kind config file/);
  });

  const refused: readonly (readonly [what: string, text: string, sentence: string])[] = [
    [
      'an unknown field',
      `${head}nodes:\n  - role: worker\n    lables: {}\n`,
      "x.yaml:5: nodes[0].lables: expected a field of kind's v1alpha4 format, found the unknown field 'lables'",
    ],
    ['a wrong type', `${head}nodes: 3\n`, 'x.yaml:3: nodes: expected a value of type array, found 3'],
    [
      'a role that is none',
      `${head}nodes:\n  - role: master\n`,
      `x.yaml:4: nodes[0].role: expected 'control-plane' or 'worker', found "master"`,
    ],
    [
      'another kind',
      'kind: Pod\napiVersion: kind.x-k8s.io/v1alpha4\n',
      `x.yaml:1: kind: expected 'Cluster', found "Pod"`,
    ],
    ['a missing version', 'kind: Cluster\n', "x.yaml: apiVersion: expected 'kind.x-k8s.io/v1alpha4', found nothing"],
    [
      'no control plane',
      `${head}nodes:\n  - role: worker\n`,
      'x.yaml: nodes: expected at least one node with role control-plane, found 1 of role worker',
    ],
    [
      'a port that is none',
      `${head}networking:\n  apiServerPort: 70000\n`,
      'x.yaml:4: networking.apiServerPort: expected Too big: expected number to be <=65535, found 70000',
    ],
  ];
  for (const [what, text, sentence] of refused)
    it(`refuses ${what} in a sentence`, () => {
      expect(refusal(text)).to.equal(sentence);
    });

  it('refuses what is no YAML, with its line', () => {
    expect(refusal(`${head}nodes: [\n`)).to.match(/^x\.yaml:\d: expected YAML; /);
  });
});
