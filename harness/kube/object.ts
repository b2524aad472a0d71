/** An object of the API as JSON: only its head is typed. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Metadata;
  readonly [field: string]: unknown;
}

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly controller?: boolean }[];
}

export interface KubeList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly KubeObject[];
}

/** An empty list of metadata is answered with null for its items. */
export function asList(answer: unknown): KubeList {
  const list = answer as Pick<KubeList, 'metadata'> & { readonly items: KubeList['items'] | null };
  return { metadata: list.metadata, items: list.items ?? [] };
}

/** The controlling owner, or empty strings. */
export function controllerOf(metadata: Metadata): { readonly ownerKind: string; readonly ownerName: string } {
  const owner = metadata.ownerReferences?.find((reference) => reference.controller === true);
  return { ownerKind: owner?.kind ?? '', ownerName: owner?.name ?? '' };
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export const conditionOf = (conditions: readonly Condition[] | undefined, type: string): Condition | undefined =>
  conditions?.find((condition) => condition.type === type);
