import { expect } from 'chai';

import { arrivals } from './index.ts';
import { arrivalManifest, collectionOf } from './manifests.ts';

const given = { name: 'arrival-1', namespace: 'shakedown', series: 'abcd', replicas: 2, image: 'web:1' };

interface Spec {
  readonly replicas?: number;
  readonly parallelism?: number;
  readonly completions?: number;
  readonly selector?: { readonly matchLabels: object };
  readonly template: { readonly metadata: { readonly labels: object }; readonly spec: { restartPolicy?: string } };
}
const specOf = (kind: 'Deployment' | 'Job'): Spec => arrivalManifest(kind, given)['spec'] as Spec;

describe('what arrives', () => {
  it('wants so many pods, all of them at once', () => {
    expect(specOf('Deployment').replicas).to.equal(2);
    expect([specOf('Job').parallelism, specOf('Job').completions]).to.deep.equal([2, 2]);
    expect(specOf('Job').template.spec.restartPolicy).to.equal('Never');
  });

  it('selects the pods that it makes', () => {
    const { selector, template } = specOf('Deployment');
    expect(selector?.matchLabels).to.deep.equal(template.metadata.labels);
  });

  it('is made where its kind lives', () => {
    expect(collectionOf('Deployment', 'a')).to.equal('/apis/apps/v1/namespaces/a/deployments');
    expect(collectionOf('Job', 'a')).to.equal('/apis/batch/v1/namespaces/a/jobs');
  });

  it('refuses what it has no option for', () => {
    expect(() => arrivals.manifests('shakedown', { pace: 1 })).to.throw(/pace/);
  });
});
