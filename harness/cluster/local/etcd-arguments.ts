import { parse } from 'yaml';
import { z } from 'zod';

import { HarnessError } from '../../model/errors.ts';
import type { KindConfig } from '../kind-config.ts';

const named = z.array(z.strictObject({ name: z.string(), value: z.string() }));
const patch = z.strictObject({
  kind: z.literal('ClusterConfiguration'),
  apiVersion: z.string().optional(),
  metadata: z.strictObject({ name: z.string() }).optional(),
  etcd: z.strictObject({
    local: z.strictObject({
      // kubeadm's v1beta3 has a mapping here, v1beta4 a list.
      extraArgs: z.union([z.record(z.string(), z.string()), named]),
    }),
  }),
});

/** These say where a member is and whom it trusts, which the lab decides. */
const ownFlags = /^(name|data-dir|wal-dir|listen-.*|.*advertise-.*|initial-.*|.*cert.*|.*key-file|.*ca-file)$/;

/**
 * The flags that a config gives every member of etcd, such as `quota-backend-bytes`: the one thing of kubeadm's
 * configuration that also has a meaning without kubeadm.
 * @throws HarnessError `bad-input` for a patch that says anything else
 */
export function etcdArguments({ kubeadmConfigPatches = [], file }: KindConfig): Readonly<Record<string, string>> {
  return Object.assign(
    {},
    ...kubeadmConfigPatches.map((text, at) => argumentsOf(text, `${file}: kubeadmConfigPatches[${String(at)}]`)),
  ) as Record<string, string>;
}

function argumentsOf(text: unknown, where: string): Record<string, string> {
  const found = patch.safeParse(typeof text === 'string' ? parsed(text) : text);
  if (!found.success)
    throw new HarnessError(
      'bad-input',
      `${where}: the local provider does not use kubeadm: expected a ClusterConfiguration with etcd.local.extraArgs alone`,
      { hint: 'take the field away, or use the kind provider' },
    );
  const { extraArgs } = found.data.etcd.local;
  const flags = Array.isArray(extraArgs)
    ? Object.fromEntries(extraArgs.map(({ name, value }) => [name, value]))
    : extraArgs;
  const own = Object.keys(flags).find((flag) => ownFlags.test(flag));
  if (own !== undefined)
    throw new HarnessError(
      'bad-input',
      `${where}: etcd.local.extraArgs.${own}: the local provider decides that itself`,
    );
  return flags;
}

function parsed(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    return undefined;
  }
}
