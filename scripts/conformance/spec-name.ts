const failedNode = / \[(?:It|(?:Just)?BeforeEach|(?:Just)?AfterEach|DeferCleanup \([A-Za-z]+\))\]/;

/**
 * A spec's own name, of the line that ginkgo prints for it: without the labels at the end, and without the mark that says
 * in which of its parts a failed spec has failed.
 */
export function specName(line: string): string {
  return line
    .trim()
    .replace(/ \[[^[\]]*, [^[\]]*\]$/, '')
    .replace(/^TOP-LEVEL \[[^\]]+\] /, '')
    .replace(failedNode, '');
}
