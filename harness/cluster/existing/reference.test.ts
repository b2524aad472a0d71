import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { onlyContext } from '../../kube/index.ts';
import { findReference, nameOf, referenceOf } from './reference.ts';

function kubeconfigOf(...contexts: readonly string[]): string {
  return JSON.stringify({
    'current-context': contexts[0],
    clusters: contexts.map((name) => ({ name: `${name}-c`, cluster: { server: `https://${name}` } })),
    users: contexts.map((name) => ({ name: `${name}-u`, user: { token: `secret of ${name}` } })),
    contexts: contexts.map((name) => ({ name, context: { cluster: `${name}-c`, user: `${name}-u` } })),
  });
}

describe('a reference to a cluster of others', () => {
  let folder = '';
  const file = (name: string): string => join(folder, name);
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'shakedown-reference-'));
    writeFileSync(file('one'), kubeconfigOf('production', 'staging'));
    writeFileSync(file('two'), kubeconfigOf('arn:aws:eks:eu/x#1'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('survives being written to a journal', () => {
    const reference = { kubeconfig: '/home/me/.kube/config', context: 'arn:aws:eks:eu/x#1' };
    expect(referenceOf(nameOf(reference))).to.deep.equal(reference);
    for (const wrong of ['staging', '#staging', '/file#'])
      expect(() => referenceOf(wrong)).to.throw('KUBECONFIG#CONTEXT');
  });

  it('is looked for in every file of $KUBECONFIG', () => {
    const env = { KUBECONFIG: `${file('one')}:${file('none')}:${file('two')}` };
    expect(findReference('arn:aws:eks:eu/x#1', undefined, env).kubeconfig).to.equal(file('two'));
    expect(findReference('staging', undefined, env).kubeconfig).to.equal(file('one'));
  });

  it('is refused with the names that there are', () => {
    expect(() => findReference('stagin', file('one'))).to.throw("has no context 'stagin'; it has: production, staging");
    expect(() => findReference('x', file('none'))).to.throw(`There is no kubeconfig ${file('none')}`);
  });

  it('leads to nothing but its own context, whatever the current one is', () => {
    const text = onlyContext(file('one'), 'staging');
    expect(text).to.contain('https://staging').and.to.contain('secret of staging');
    expect(text).not.to.contain('production');
    expect((JSON.parse(text) as { readonly 'current-context': string })['current-context']).to.equal('staging');
  });
});
