type Works<T extends readonly unknown[]> = { readonly [K in keyof T]: (signal: AbortSignal) => Promise<T[K]> };

/**
 * Does works at the same time. When one fails the others are told to stop, and all have ended when the first failure
 * is thrown: what cleans up afterwards does not race with them.
 */
export async function together<T extends readonly unknown[]>(signal: AbortSignal, ...works: Works<T>): Promise<T> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const failures: unknown[] = [];
  const results = await Promise.all(
    works.map(async (work: (signal: AbortSignal) => Promise<unknown>) => {
      try {
        return await work(both);
      } catch (error) {
        failures.push(error);
        stop.abort(error);
        return undefined;
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
  return results as unknown as T;
}
