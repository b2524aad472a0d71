/**
 * resourceVersions of one type of objects are decimal numbers that can be compared, whatever their length; promised since
 * Kubernetes 1.35, and revisions of etcd before: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */
export const isVersion = (text: string): boolean => /^(0|[1-9]\d*)$/.test(text);

/** Below zero when the first is older. */
export function compareVersions(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

export const newer = (a: string, b: string): string => (compareVersions(a, b) < 0 ? b : a);
