/** Which spec runs which scenario: the names that a sabotage spec gives to its scenarios, in kebab-case. */
export function specsByScenario(
  specs: readonly { readonly spec: string; readonly text: string }[],
): ReadonlyMap<string, string> {
  return new Map(
    specs.flatMap(({ spec, text }) =>
      [...text.matchAll(/^\s*(?:\{ \.\.\.base, )?name: '([a-z0-9-]+)'/gm)].map(
        ([, name = '']) => [name, spec] as const,
      ),
    ),
  );
}
