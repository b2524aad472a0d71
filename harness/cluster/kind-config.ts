import { readFile } from 'node:fs/promises';

import { LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';

import { HarnessError, messageOf } from '../model/errors.ts';

const node = z.strictObject({
  role: z.enum(['control-plane', 'worker']).default('control-plane'),
  labels: z.record(z.string(), z.string()).default({}),
  image: z.string().optional(),
  extraMounts: z.array(z.unknown()).optional(),
  extraPortMappings: z.array(z.unknown()).optional(),
  kubeadmConfigPatches: z.array(z.unknown()).optional(),
  kubeadmConfigPatchesJSON6902: z.array(z.unknown()).optional(),
});

const networking = z.strictObject({
  ipFamily: z.enum(['ipv4', 'ipv6', 'dual']).optional(),
  apiServerAddress: z.string().optional(),
  apiServerPort: z.int().min(0).max(65_535).optional(),
  podSubnet: z.string().optional(),
  serviceSubnet: z.string().optional(),
  disableDefaultCNI: z.boolean().optional(),
  kubeProxyMode: z.enum(['iptables', 'ipvs', 'nftables', 'none']).optional(),
  dnsSearch: z.array(z.string()).optional(),
});

const schema = z.strictObject({
  kind: z.literal('Cluster'),
  apiVersion: z.literal('kind.x-k8s.io/v1alpha4'),
  name: z.string().optional(),
  nodes: z.array(node).min(1).optional(),
  networking: networking.default({}),
  featureGates: z.record(z.string(), z.boolean()).default({}),
  runtimeConfig: z.record(z.string(), z.string()).default({}),
  kubeadmConfigPatches: z.array(z.unknown()).optional(),
  kubeadmConfigPatchesJSON6902: z.array(z.unknown()).optional(),
  containerdConfigPatches: z.array(z.unknown()).optional(),
  containerdConfigPatchesJSON6902: z.array(z.unknown()).optional(),
});

/** A cluster as kind's own file format (kind.x-k8s.io/v1alpha4) describes it. */
export type KindConfig = Readonly<z.output<typeof schema>> & {
  readonly file: string;
  readonly nodes: readonly KindNode[];
};
export type KindNode = z.output<typeof node>;

/** @throws HarnessError `bad-input` naming file, line, field, what was expected and what was found */
export async function readKindConfig(file: string): Promise<KindConfig> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new HarnessError('bad-input', `${file}: expected a kind config file, but it cannot be read`, {
      cause: error,
      hint: 'ls kind-configs',
    });
  }
  return parseKindConfig(text, file);
}

/** The same for a text; `file` is only named in errors. */
export function parseKindConfig(text: string, file: string): KindConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [wrong] = document.errors;
  if (wrong !== undefined) {
    const line = lines.linePos(wrong.pos[0]).line;
    throw new HarnessError(
      'bad-input',
      `${file}:${String(line)}: expected YAML; ${messageOf(wrong).split('\n')[0] ?? ''}`,
    );
  }
  const parsed = schema.safeParse(document.toJS());
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    if (issue === undefined) throw new HarnessError('bug', `${file}: refused without a reason`);
    throw new HarnessError('bad-input', sentence(issue, document, lines, file));
  }
  const nodes = parsed.data.nodes ?? [node.parse({ role: 'control-plane' })];
  if (!nodes.some(({ role }) => role === 'control-plane')) {
    throw new HarnessError(
      'bad-input',
      `${file}: nodes: expected at least one node with role control-plane, found ${String(nodes.length)} of role worker`,
    );
  }
  return { ...parsed.data, nodes, file };
}

function sentence(issue: z.core.$ZodIssue, document: Document, lines: LineCounter, file: string): string {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = [...issue.path, ...(unknown === undefined ? [] : [unknown])].map((part) =>
    typeof part === 'symbol' ? String(part) : part,
  );
  const where = `${file}${lineOf(path, document, lines)}: ${fieldName(path)}`;
  if (unknown !== undefined)
    return `${where}: expected a field of kind's v1alpha4 format, found the unknown field '${unknown}'`;
  const found: unknown = document.getIn(path);
  const told = found === undefined ? 'nothing' : JSON.stringify(found).slice(0, 80);
  return `${where}: expected ${expected(issue)}, found ${told}`;
}

function expected(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `a value of type ${issue.expected}`;
  if (issue.code === 'invalid_value') return issue.values.map((value) => `'${String(value)}'`).join(' or ');
  return issue.message;
}

function lineOf(path: readonly (string | number)[], document: Document, lines: LineCounter): string {
  for (let length = path.length; length > 0; length -= 1) {
    const found = document.getIn(path.slice(0, length), true) as { range?: readonly number[] } | null | undefined;
    const start = found?.range?.[0];
    if (start !== undefined) return `:${String(lines.linePos(start).line)}`;
  }
  return '';
}

const fieldName = (path: readonly (string | number)[]): string =>
  path.length === 0
    ? 'the document'
    : path.map((part, at) => (typeof part === 'number' ? `[${String(part)}]` : at === 0 ? part : `.${part}`)).join('');
