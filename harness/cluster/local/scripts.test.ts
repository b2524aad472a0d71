import { expect } from 'chai';

import { exec } from '../../util/exec.ts';
import { parseKindConfig } from '../kind-config.ts';
import { clusterPaths } from './paths.ts';
import { planCluster } from './plan.ts';
import { initScript, powerOnScript, runScript, type NodeScripts } from './scripts.ts';
import { controlPlaneServices } from './services/control-plane.ts';
import { mayLabelItself, workerServices } from './services/worker.ts';

const plan = planCluster(
  'lab',
  parseKindConfig(
    'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes: [{ role: control-plane }, { role: control-plane }]',
    'x.yaml',
  ),
  'own',
);
const program = (name: string): string => `/bin dir/${name}`;

function scriptsOf(at: number): NodeScripts {
  const node = plan.nodes[at];
  if (node === undefined) throw new Error('no such node');
  return {
    cluster: 'lab',
    node,
    paths: clusterPaths('lab', "/odd state/it's").node(node.name),
    services: [...controlPlaneServices(node, plan, program), ...workerServices(node, plan, program)],
    program,
    searchPath: '/bin dir:/bin',
    keep: ["/odd state/it's/lab", '/tmp/programs'],
    hierarchies: ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup/memory'],
  };
}

describe('scripts of a node', () => {
  it('are good shell, whatever the folders are called', async () => {
    const scripts = scriptsOf(0);
    const [service] = scripts.services;
    if (service === undefined) throw new Error('no service');
    for (const script of [initScript(scripts), powerOnScript(scripts), runScript(scripts, service)])
      await exec(['sh', '-n'], { input: script });
  });

  it('start a service inside its own control group in every hierarchy', () => {
    const scripts = scriptsOf(1);
    const [service] = scripts.services;
    if (service === undefined) throw new Error('no service');
    const text = runScript(scripts, service);
    for (const hierarchy of scripts.hierarchies)
      expect(text).to.include(`${hierarchy}/shakedown/lab/cp2/system/etcd/cgroup.procs`);
    expect(text).to.match(/\nexec '\/bin dir\/etcd' '--name=cp2' /);
  });

  it('let only what needs the API wait at the first start', () => {
    const text = initScript(scriptsOf(0));
    const [, waiting = ''] = /\|\| touch (.*)/.exec(text) ?? [];
    expect(waiting.split(' ').map((path) => path.split('/')[3])).to.deep.equal([
      'kube-controller-manager',
      'kube-scheduler',
      'kubelet',
      'kube-proxy',
    ]);
  });

  it('keep what the own folders of a node would hide', () => {
    const text = initScript(scriptsOf(0));
    expect(text).to.include("mount --rbind '/tmp/programs' /run/keep/1");
    expect(text).to.include("mkdir -p '/tmp/programs'; mount --move /run/keep/1 '/tmp/programs'");
    expect(text.indexOf('mount --move /run/keep/1')).to.be.greaterThan(text.indexOf('tmpfs /tmp'));
  });
});

describe('etcd wiring', () => {
  const serversOf = (etcd: 'own' | 'all'): string | undefined => {
    const [node] = plan.nodes;
    if (node === undefined) throw new Error('no node');
    const services = controlPlaneServices(node, { ...plan, etcd }, program);
    return services[1]?.argv.find((flag) => flag.startsWith('--etcd-servers='));
  };

  it('is the own member, or all of them', () => {
    expect(serversOf('own')).to.equal('--etcd-servers=https://127.0.0.1:2379');
    expect(serversOf('all')).to.equal('--etcd-servers=https://198.18.0.11:2379,https://198.18.0.12:2379');
  });
});

describe('mayLabelItself', () => {
  it('is the rule of NodeRestriction', () => {
    for (const label of [
      'topology.kubernetes.io/zone',
      'example.com/x',
      'plain',
      'node.kubernetes.io/x',
      'x.node.kubernetes.io/y',
    ])
      expect(mayLabelItself(label), label).to.equal(true);
    for (const label of ['node-role.kubernetes.io/control-plane', 'node-restriction.kubernetes.io/x', 'k8s.io/x'])
      expect(mayLabelItself(label), label).to.equal(false);
  });
});
