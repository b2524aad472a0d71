import { expect } from 'chai';

import type { Manifest } from '../../harness/model/workload.ts';
import { webManifests } from '../web/manifests.ts';
import { webOptions } from '../web/options.ts';
import { prometheus } from './index.ts';

const manifests = prometheus.manifests('ns', {});
const named = (kind: string, name = 'prometheus', among: readonly Manifest[] = manifests): Manifest =>
  among.find((one) => one.kind === kind && one.metadata.name === name)!;
const dataOf = (file: string): unknown =>
  JSON.parse((named('ConfigMap')['data'] as Readonly<Record<string, string>>)[file] ?? '');

describe('the workload prometheus', () => {
  it('looks at the pods of web, ready or not, by the name of a Service and the port that they have', () => {
    const { spec } = named('Service', 'web-targets') as unknown as {
      readonly spec: {
        readonly selector: object;
        readonly publishNotReadyAddresses: boolean;
        readonly ports: readonly { readonly targetPort: string }[];
      };
    };
    const web = webManifests('ns', webOptions({}), 'registry.local/web:1');
    const { template } = named('Deployment', 'web', web)['spec'] as {
      readonly template: {
        readonly metadata: { readonly labels: object };
        readonly spec: { readonly containers: readonly { readonly ports: readonly { readonly name: string }[] }[] };
      };
    };
    expect(spec.selector).to.deep.equal(template.metadata.labels);
    expect(spec.publishNotReadyAddresses).to.equal(true);
    expect(spec.ports[0]?.targetPort).to.equal(template.spec.containers[0]?.ports[0]?.name);
    expect(JSON.stringify(dataOf('prometheus.yml'))).to.include('["_http._tcp.web-targets.ns.svc"]');
  });

  it('has a rule that fires when a pod of web does not answer, and one that always does', () => {
    const { groups } = dataOf('rules.yml') as { readonly groups: readonly { readonly rules: readonly object[] }[] };
    expect(groups[0]?.rules[0]).to.include({ alert: 'TargetDown', expr: 'up == 0' });
    expect(groups[0]?.rules[1]).to.include({ alert: 'Watchdog' });
  });

  it('answers at the port that a scenario names', () => {
    expect(named('Service')['spec']).to.deep.include({ ports: [{ name: 'http', port: 9090, targetPort: 'http' }] });
  });

  it('is no way into the cluster, and has no options', () => {
    expect(prometheus.paths({} as never)).to.deep.equal([]);
    expect(() => prometheus.manifests('ns', { replicas: 2 })).to.throw(/replicas/);
  });
});
