import { exec } from '../../util/exec.ts';
import { labNetwork, type ClusterPlan, type NodePlan } from './plan.ts';
import type { ProgramPath } from './services/service.ts';

const width = String(labNetwork.prefix);
/**
 * The bridge's own, locally administered. One that is not given takes the lowest address of its ports, and changes it when a place
 * is added: the nodes would send to the old one, and reach neither the API's endpoint nor anything outside for half a minute.
 */
const bridgeAddress = '02:73:64:00:00:01';

/** One end of the lab's network: a node or a place. */
export interface Station {
  readonly netns: string;
  /** The lab's end of its cable. */
  readonly link: string;
  readonly address: string;
}

/** Makes the lab's bridge, the network namespace and cable of every node, and the routes to every pod network. */
export async function makeNetwork(plan: ClusterPlan, program: ProgramPath, signal: AbortSignal): Promise<void> {
  const ip = program('ip');
  await batch(
    [ip],
    [plan.lab, ...plan.nodes.map(({ netns }) => netns)].map((netns) => `netns add ${netns}`),
    signal,
  );
  await batch(
    [ip, '-n', plan.lab],
    [
      'link set lo up',
      `link add br0 address ${bridgeAddress} type bridge forward_delay 0 mcast_snooping 0`,
      `address add ${plan.gateway}/${width} dev br0`,
      `address add ${plan.endpointAddress}/${width} dev br0`,
      'link set br0 up',
      ...plan.nodes.flatMap(cable),
      ...podRoutes(plan),
    ],
    signal,
  );
  await Promise.all(plan.nodes.map((node) => batch([ip, '-n', node.netns], stationLines(node, plan), signal)));
}

/** Makes one more station in a running lab. */
export async function addStation(
  station: Station,
  plan: ClusterPlan,
  program: ProgramPath,
  signal?: AbortSignal,
): Promise<void> {
  const ip = program('ip');
  await batch([ip], [`netns add ${station.netns}`], signal);
  await batch([ip, '-n', plan.lab], cable(station), signal);
  await batch([ip, '-n', station.netns], stationLines(station, plan), signal);
}

const cable = ({ link, netns }: Station): string[] => [
  `link add ${link} type veth peer name eth0 netns ${netns}`,
  `link set ${link} master br0 up`,
];

function stationLines(station: Station, plan: ClusterPlan): string[] {
  return [
    'link set lo up',
    `address add ${station.address}/${width} dev eth0`,
    'link set eth0 up',
    // The lab itself forwards nothing: there is no way out.
    `route add default via ${plan.gateway}`,
    ...podRoutes(plan, station.netns),
  ];
}

const podRoutes = (plan: ClusterPlan, except?: string): string[] =>
  plan.nodes
    .filter(({ netns }) => netns !== except)
    .map(({ podCidr, address }: NodePlan) => `route add ${podCidr} via ${address}`);

async function batch(command: readonly string[], lines: readonly string[], signal?: AbortSignal): Promise<void> {
  await exec([...command, '-batch', '-'], { input: `${lines.join('\n')}\n`, ...(signal ? { signal } : {}) });
}
