import { z } from 'zod';

import type { Shell } from '../../harness/model/cluster.ts';
import { HarnessError, messageOf } from '../../harness/model/errors.ts';

/** Where a node's pods get their addresses: host-local keeps a file for each address that is taken. */
export type AddressPool = {
  readonly directory: string;
  /** The first three numbers of the addresses, for each block of 256, and the range of the last. */
  readonly blocks: readonly { readonly prefix: string; readonly from: number; readonly to: number }[];
};

/** More than this are too many files for a test. */
const mostAddresses = 4_096;

const range = z.object({ subnet: z.string() });
const ipam = z.object({
  type: z.string(),
  dataDir: z.string().default('/var/lib/cni/networks'),
  subnet: z.string().optional(),
  ranges: z.array(z.array(range)).default([]),
});
const config = z.object({ name: z.string(), plugins: z.array(z.object({ ipam: ipam.optional() })) });

/** The first configuration in the order of the names is the one that the runtime takes. */
const readConfig = 'cat "$(ls /etc/cni/net.d/*.conflist | head -n 1)"';

/** @throws HarnessError `refused` when the node's pods get their addresses from anything else, or the pool is too large */
export async function poolOf(shell: Shell, signal: AbortSignal): Promise<AddressPool> {
  const { stdout } = await shell.exec(['sh', '-c', readConfig], { signal, timeoutMs: 10_000, allowFailure: true });
  const { name, used } = parse(shell.name, stdout);
  const subnets = [
    ...(used.subnet === undefined ? [] : [used.subnet]),
    ...used.ranges.flat().map(({ subnet }) => subnet),
  ];
  const four = subnets.filter((subnet) => !subnet.includes(':'));
  if (four.length === 0)
    throw new HarnessError('refused', `The pods of ${shell.name} get no IPv4 addresses from host-local`);
  return { directory: `${used.dataDir}/${name}`, blocks: four.flatMap((subnet) => blocksOf(shell.name, subnet)) };
}

function parse(node: string, text: string): { readonly name: string; readonly used: z.output<typeof ipam> } {
  try {
    const { name, plugins } = config.parse(JSON.parse(text));
    const used = plugins.find((plugin) => plugin.ipam?.type === 'host-local')?.ipam;
    if (used !== undefined) return { name, used };
  } catch (error) {
    throw new HarnessError(
      'refused',
      `The CNI configuration of ${node} cannot be read: ${messageOf(error).slice(0, 200)}`,
    );
  }
  throw new HarnessError('refused', `The pods of ${node} do not get their addresses from host-local`);
}

function blocksOf(node: string, subnet: string): AddressPool['blocks'] {
  const [address = '', width = '32'] = subnet.split('/');
  const count = 2 ** (32 - Number(width));
  if (count > mostAddresses)
    throw new HarnessError(
      'refused',
      `${node} has ${subnet} for its pods: more than ${String(mostAddresses)} addresses to take`,
    );
  const first = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const blocks = Math.ceil(((first % 256) + count) / 256);
  return Array.from({ length: blocks }, (_, index) => {
    const base = first - (first % 256) + index * 256;
    const prefix = [base / 2 ** 24, base / 2 ** 16, base / 2 ** 8]
      .map((part) => String(Math.floor(part) % 256))
      .join('.');
    // host-local gives neither the network's address nor the broadcast's; to have taken them does no harm.
    return { prefix, from: Math.max(0, first - base), to: Math.min(255, first + count - 1 - base) };
  });
}

/** What our files hold, in place of a container's id. */
const owner = (mark: string): string => `shakedown-${mark}`;

/** Takes every address that is free; those of running pods stay theirs. */
export const takeScript = ({ directory, blocks }: AddressPool, mark: string): string =>
  `set -C\nmkdir -p ${directory}\ncd ${directory} || exit 1\n` +
  blocks
    .map(
      ({ prefix, from, to }) =>
        `for last in $(seq ${String(from)} ${String(to)}); do { echo ${owner(mark)} > "${prefix}.$last"; } 2> /dev/null; done\n`,
    )
    .join('') +
  'true\n';

/** Gives ours back; succeeds only when none is left. */
export const giveBackScript = ({ directory }: AddressPool, mark: string): string =>
  `[ -d ${directory} ] || exit 0\ncd ${directory} || exit 1\n` +
  `grep -lsx ${owner(mark)} -- * | xargs -r rm -f --\n! grep -qsx ${owner(mark)} -- *\n`;

/** How many addresses are ours, and how many are taken at all. */
export async function countTaken(
  shell: Shell,
  { directory }: AddressPool,
  mark: string,
  signal: AbortSignal,
): Promise<{ readonly ours: number; readonly all: number }> {
  const script = `cd ${directory} && echo "$(grep -lsx ${owner(mark)} -- * | wc -l) $(ls | grep -c '^[0-9.]*$')"`;
  const { stdout } = await shell.exec(['sh', '-c', script], { signal, timeoutMs: 10_000, allowFailure: true });
  const [ours = 0, all = 0] = stdout.trim().split(' ').map(Number);
  return { ours, all };
}
