import type { StateEvent } from '../model/history.ts';
import type { Json } from '../model/json.ts';
import type { Source } from './kinds.ts';
import type { KubeList, KubeObject } from './object.ts';

interface Known {
  readonly version: number;
  readonly namespace: string;
  readonly name: string;
  readonly value: Json;
  readonly text: string;
}

type Change = Omit<StateEvent, 'atMs'>;

/** Resource versions of one resource may be compared as whole numbers (guaranteed since Kubernetes 1.35, true of etcd before). */
const versionOf = (object: { readonly metadata: { readonly resourceVersion: string } }): number =>
  Number(object.metadata.resourceVersion);

/** What is known of one collection; says what changed, in the reduced values that are recorded. */
export class KnownObjects {
  readonly #source: Source;
  readonly #byUid = new Map<string, Known>();

  constructor(source: Source) {
    this.#source = source;
  }

  /** The change that an object as seen now makes, or null when its reduced value is the same. */
  upsert(object: KubeObject): Change | null {
    const { uid, name, namespace = '' } = object.metadata;
    const before = this.#byUid.get(uid);
    const value = this.#source.reduce(object);
    const text = JSON.stringify(value);
    this.#byUid.set(uid, { version: versionOf(object), namespace, name, value, text });
    if (before?.text === text) return null;
    return this.#change(before === undefined ? 'added' : 'modified', uid, { namespace, name, value });
  }

  /** The change that the end of an object makes, with its last value, or null when it was not known. */
  remove(uid: string, last?: KubeObject): Change | null {
    const before = this.#byUid.get(uid);
    if (before === undefined) return null;
    this.#byUid.delete(uid);
    return this.#change('deleted', uid, last === undefined ? before : { ...before, value: this.#source.reduce(last) });
  }

  /** Takes a whole list and returns all that differs from what was known. */
  replace(list: KubeList): readonly Change[] {
    const listed = new Set(list.items.map((item) => item.metadata.uid));
    const gone = [...this.#byUid.keys()].filter((uid) => !listed.has(uid)).map((uid) => this.remove(uid));
    return [...gone, ...list.items.map((item) => this.upsert(item))].filter((change) => change !== null);
  }

  /** How this falls short of a list, in words, or null when all that the list shows was delivered. */
  behind(list: KubeList): string | null {
    const listed = new Set(list.items.map((item) => item.metadata.uid));
    const late = list.items.find((item) => (this.#byUid.get(item.metadata.uid)?.version ?? -1) < versionOf(item));
    if (late !== undefined)
      return `${late.metadata.name} has version ${late.metadata.resourceVersion}, which was not delivered`;
    for (const [uid, { name, version }] of this.#byUid) {
      if (!listed.has(uid) && version <= versionOf(list)) return `the end of ${name} was not delivered`;
    }
    return null;
  }

  #change(change: Change['change'], uid: string, at: Pick<Known, 'namespace' | 'name' | 'value'>): Change {
    return {
      kind: 'state',
      change,
      object: this.#source.object,
      namespace: at.namespace,
      name: at.name,
      uid,
      value: at.value,
    };
  }
}
