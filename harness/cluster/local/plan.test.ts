import { resolve } from 'node:path';

import { expect } from 'chai';
import fc from 'fast-check';

import { HarnessError } from '../../model/errors.ts';
import { parseKindConfig, readKindConfig } from '../kind-config.ts';
import { parseCidr } from './cidr.ts';
import { planCluster, remarks } from './plan.ts';

const parse = (rest: string) => parseKindConfig(`kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n${rest}`, 'x.yaml');

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).to.be.instanceOf(HarnessError).with.property('code', 'bad-input');
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

describe('planCluster', () => {
  it('gives every node of three zones its name, zone and addresses', async () => {
    const config = await readKindConfig(resolve(import.meta.dirname, '../../../kind-configs/three-zones.yaml'));
    const plan = planCluster('lab', config, 'own');
    expect(
      plan.nodes.map(({ name, zone, address, podCidr }) => [name, zone, address, podCidr].join(' ')),
    ).to.deep.equal([
      'cp1 zone-a 198.18.0.11 198.19.1.0/24',
      'cp2 zone-b 198.18.0.12 198.19.2.0/24',
      'cp3 zone-c 198.18.0.13 198.19.3.0/24',
      'w1 zone-a 198.18.0.101 198.19.4.0/24',
      'w2 zone-b 198.18.0.102 198.19.5.0/24',
      'w3 zone-c 198.18.0.103 198.19.6.0/24',
      'w4 zone-a 198.18.0.104 198.19.7.0/24',
      'w5 zone-b 198.18.0.105 198.19.8.0/24',
      'w6 zone-c 198.18.0.106 198.19.9.0/24',
    ]);
    expect(plan).to.include({
      endpointAddress: '198.18.0.2',
      dnsAddress: '198.19.128.10',
      apiServiceAddress: '198.19.128.1',
    });
    expect(plan.nodes.map(({ link }) => link)).to.include('v-w6');
  });

  it('honours the networks of the config', () => {
    const plan = planCluster(
      'lab',
      parse('networking: { podSubnet: 10.244.0.0/16, serviceSubnet: 10.96.0.0/16 }'),
      'all',
    );
    expect(plan).to.include({ dnsAddress: '10.96.0.10', podSubnet: '10.244.0.0/16', etcd: 'all' });
    expect(plan.nodes[0]?.podCidr).to.equal('10.244.1.0/24');
  });

  it('keeps every address and pod network apart, however many nodes there are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 90 }), (masters, workers) => {
        const roles = [...Array<string>(masters).fill('control-plane'), ...Array<string>(workers).fill('worker')];
        const { nodes } = planCluster(
          'lab',
          parse(`nodes: [${roles.map((role) => `{ role: ${role} }`).join(', ')}]`),
          'own',
        );
        for (const field of ['name', 'address', 'podCidr', 'link', 'netns'] as const)
          expect(new Set(nodes.map((node) => node[field])).size).to.equal(nodes.length);
        for (const { link, podCidr } of nodes) {
          expect(link.length).to.be.at.most(15);
          expect(parseCidr(podCidr)).to.not.equal(null);
        }
      }),
      { numRuns: 50 },
    );
  });

  const refused: readonly (readonly [rest: string, sentence: RegExp])[] = [
    ['networking: { podSubnet: 10.0.0.0/33 }', /^x\.yaml: networking\.podSubnet: expected an IPv4 network/],
    ['networking: { podSubnet: 10.0.0.1/16 }', /found '10\.0\.0\.1\/16'$/],
    ['networking: { podSubnet: 198.18.0.0/16 }', /apart from each other and from the lab's 198\.18\.0\.0\/24/],
    ['networking: { ipFamily: dual }', /networking\.ipFamily: the local provider has IPv4 alone/],
    [
      'networking: { kubeProxyMode: ipvs }',
      /networking\.kubeProxyMode: the local provider runs kube-proxy in iptables/,
    ],
    ['nodes: [{ role: control-plane, extraMounts: [] }]', /nodes\[0\]\.extraMounts: the local provider does not mount/],
    ['kubeadmConfigPatches: [x]', /kubeadmConfigPatches\[0\]: the local provider does not use kubeadm/],
    [
      `networking: { podSubnet: 10.1.0.0/24 }\nnodes: [{ role: control-plane }, { role: worker }]`,
      /networking\.podSubnet: expected room for a \/24 for each of 2 nodes/,
    ],
  ];
  for (const [rest, sentence] of refused)
    it(`refuses ${rest.split('\n')[0] ?? ''}`, () => {
      expect(refusal(() => planCluster('lab', parse(rest), 'own'))).to.match(sentence);
    });

  it('refuses names that no namespace could bear', () => {
    for (const name of ['', 'A', 'a_b', 'a.b', '-a', 'a-', '../a', 'a'.repeat(33)])
      expect(refusal(() => planCluster(name, parse(''), 'own'))).to.match(/^cluster name: expected/);
  });

  it('says what it read but does not use, and that an even number of control planes gains nothing', () => {
    const config = parse('nodes: [{ role: control-plane, image: i }, { role: control-plane }]');
    expect(remarks(config)).to.deep.equal([
      'x.yaml: image of 1 nodes is not used: the programs of the toolchain run',
      'x.yaml: 2 control planes tolerate no more losses than 1: etcd needs a majority',
    ]);
    expect(remarks(parse(''))).to.deep.equal([]);
  });
});
