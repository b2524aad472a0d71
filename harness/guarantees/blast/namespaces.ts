import type { Blast } from './outside.ts';

/** The namespace that a path leads into: it stands before the slash of its name. Null where the name does not say. */
function namespaceOf(path: string): string | null {
  const at = path.indexOf('/');
  return at <= 0 ? null : path.slice(0, at);
}

/**
 * A test for the namespaces that a fault was aimed at: `namespace shop`, or that of `pod shop/web-1` and of `deployment shop/web`.
 * @returns it, or which target is in none
 */
export function inNamespacesOf(
  targets: readonly string[],
): ((namespace: string) => boolean) | { readonly nowhere: string } {
  const names = new Set<string>();
  for (const target of targets) {
    const [, whole, ofObject] = /^(?:namespace (\S+)|\S+ ([^\s/]+)\/\S+)$/.exec(target) ?? [];
    const name = whole ?? ofObject;
    if (name === undefined) return { nowhere: target };
    names.add(name);
  }
  return (namespace) => names.has(namespace);
}

/** Who answered says nothing of namespaces: only paths are judged by them. */
export function byNamespace(isTarget: (namespace: string) => boolean): Pick<Blast, 'isOutside' | 'answeredOutside'> {
  return {
    isOutside: (path) => {
      const namespace = namespaceOf(path);
      return namespace === null ? null : !isTarget(namespace);
    },
    answeredOutside: () => null,
  };
}
