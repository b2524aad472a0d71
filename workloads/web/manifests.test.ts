import { expect } from 'chai';

import type { Manifest } from '../../harness/model/workload.ts';
import { webManifests } from './manifests.ts';
import { webOptions } from './options.ts';

const made = (options: Parameters<typeof webOptions>[0] = {}): readonly Manifest[] =>
  webManifests('ns', webOptions(options), 'registry.local/web:1');
const specOf = (manifests: readonly Manifest[], kind: string) =>
  manifests.find((manifest) => manifest.kind === kind)?.['spec'] as object | undefined;
const podOf = (manifests: readonly Manifest[]) =>
  (specOf(manifests, 'Deployment')! as { template: { spec: Record<string, unknown> } }).template.spec;

describe('the manifests of web', () => {
  it('promise what the scenarios judge', () => {
    const manifests = made();
    expect(manifests.map(({ kind }) => kind)).to.deep.equal(['Service', 'PodDisruptionBudget', 'Deployment']);
    expect(manifests.every(({ metadata }) => metadata.namespace === 'ns')).to.equal(true);
    expect(specOf(manifests, 'PodDisruptionBudget')).to.deep.include({ minAvailable: 4 });
    expect(specOf(manifests, 'Deployment')).to.include({ replicas: 6 });
    expect(specOf(manifests, 'Service')).to.deep.include({
      type: 'NodePort',
      ports: [{ name: 'http', port: 80, targetPort: 'http', nodePort: 30_080 }],
    });
    expect(podOf(manifests)['topologySpreadConstraints']).to.deep.equal([
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 'web' } },
        matchLabelKeys: ['pod-template-hash'],
      },
    ]);
  });

  it('keep what the cluster sets for lost nodes unless told otherwise', () => {
    expect(podOf(made())).to.not.have.property('tolerations');
    const tolerations = podOf(made({ tolerationSeconds: 5 }))['tolerations'] as readonly object[];
    expect(tolerations).to.have.length(2);
    expect(tolerations[1]).to.include({
      key: 'node.kubernetes.io/unreachable',
      effect: 'NoExecute',
      tolerationSeconds: 5,
    });
  });

  it('have a liveness probe when it is asked for', () => {
    const containerOf = (manifests: readonly Manifest[]) => (podOf(manifests)['containers'] as readonly object[])[0];
    expect(containerOf(made())).to.not.have.property('livenessProbe');
    expect(containerOf(made({ livenessPeriodSeconds: 2 }))).to.deep.include({
      livenessProbe: {
        httpGet: { path: '/healthz', port: 'http' },
        periodSeconds: 2,
        timeoutSeconds: 1,
        failureThreshold: 3,
      },
    });
  });

  it('can be made to break each promise', () => {
    const manifests = made({ replicas: 1, minAvailable: null, spread: false });
    expect(manifests.map(({ kind }) => kind)).to.deep.equal(['Service', 'Deployment']);
    expect(podOf(manifests)).to.not.have.property('topologySpreadConstraints');
  });

  it('select the pods that the deployment makes', () => {
    const manifests = made();
    const pods = specOf(manifests, 'Deployment') as unknown as { template: { metadata: { labels: object } } };
    const service = specOf(manifests, 'Service') as unknown as { selector: object };
    const budget = specOf(manifests, 'PodDisruptionBudget') as unknown as { selector: { matchLabels: object } };
    expect(service.selector).to.deep.equal(pods.template.metadata.labels);
    expect(budget.selector.matchLabels).to.deep.equal(pods.template.metadata.labels);
  });
});
