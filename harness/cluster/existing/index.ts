import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { connect, onlyContext } from '../../kube/index.ts';
import type { Cluster, ClusterProvider } from '../../model/cluster.ts';
import { HarnessError } from '../../model/errors.ts';
import { Agents, type AgentsOptions } from './agents.ts';
import { ExistingCluster } from './cluster.ts';
import { findEtcd } from './etcd.ts';
import { factsOf } from './facts.ts';
import { lazyShell } from './lazy-shell.ts';
import { privateFolder } from './private-folder.ts';
import { nodeFactsOf } from './raw-node.ts';
import { answers } from './reach.ts';
import { referenceOf, type Reference } from './reference.ts';
import { release } from './release.ts';
import { allowance, look, whyNoAgents, type View } from './view.ts';

export { findReference, nameOf } from './reference.ts';

const kubeletPort = 10_250;
const attachWithinMs = 150_000;
const releaseWithinMs = 240_000;

/** Clusters of others, each named by a context of a kubeconfig. They are never made and never removed. */
export function existingProvider(env: Readonly<Record<string, string | undefined>> = process.env): ClusterProvider {
  const image = env['SHAKEDOWN_NODE_IMAGE'];
  return {
    name: 'existing',
    create: () => {
      throw new HarnessError('bad-input', 'An existing cluster is not made: say which one', {
        hint: 'shakedown plan SCENARIO --context CONTEXT',
      });
    },
    attach: (name, run) => attach(name, run, image),
    list: () => Promise.resolve([]),
    remove: (name) => {
      throw new HarnessError('refused', `'${referenceOf(name).context}' is not ours: it is never removed`);
    },
    release: async (name, run) => {
      const options = optionsOf(referenceOf(name), run, image);
      await release(options, AbortSignal.timeout(releaseWithinMs)).finally(() => {
        options.client.close();
      });
    },
  };
}

function optionsOf({ kubeconfig, context }: Reference, run: string, image: string | undefined): AgentsOptions {
  const folder = privateFolder();
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, onlyContext(kubeconfig, context), { mode: 0o600 });
  return { client: connect(file), kubeconfig: file, run, image, folder };
}

async function attach(name: string, run: string | undefined, image: string | undefined): Promise<Cluster> {
  const signal = AbortSignal.timeout(attachWithinMs);
  const reference = referenceOf(name);
  const options = optionsOf(reference, run ?? '', image);
  const { client } = options;
  const view = await look(client, signal);
  if (run !== undefined) refuseWhereNotAllowed(view, reference, run);
  const addresses = view.nodes.map((node) => nodeFactsOf(node).address);
  const there = await Promise.all(addresses.map((address) => answers(address, kubeletPort, 3_000)));
  const findings = {
    name: reference.context,
    server: client.server,
    silent: addresses.filter((_, at) => there[at] !== true),
    whyNoAgents: await whyNoAgents(client, view.nodes, image, signal),
    etcd: null,
    whyNoEtcd: 'a plan does not look into its control planes',
  };
  const facts = factsOf(view, findings);
  const taken = { kubeconfig: options.kubeconfig, client, nodes: view.nodes };
  if (run === undefined) return new ExistingCluster({ ...taken, facts, run: null });
  const agents = new Agents(options);
  const found = facts.capabilities.includes('node-shell') ? await etcdOf(view, agents, signal) : null;
  const all = found === null ? findings : { ...findings, etcd: found.etcd, whyNoEtcd: found.because };
  return new ExistingCluster({ ...taken, facts: factsOf(view, all), run: { id: run, agents } });
}

function etcdOf({ nodes }: View, agents: Agents, signal: AbortSignal): ReturnType<typeof findEtcd> {
  const controlPlanes = nodes.filter((node) => nodeFactsOf(node).role === 'control-plane');
  return findEtcd(
    controlPlanes.map((node) => lazyShell(node.metadata.name, () => agents.shell(node))),
    signal,
  );
}

/** A run that died is healed whatever was said since. @throws HarnessError `not-here` */
function refuseWhereNotAllowed({ allowed, owner }: View, { kubeconfig, context }: Reference, run: string): void {
  if (allowed || owner === run) return;
  throw new HarnessError('not-here', `The cluster of context '${context}' is not allowed to be broken`, {
    hint: `if it is yours to break: kubectl --kubeconfig ${kubeconfig} --context ${context} annotate namespace kube-system ${allowance}=true`,
  });
}
