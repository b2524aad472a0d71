/** What one node or object said of a setting. */
export interface Said {
  readonly name: string;
  readonly where: string;
  readonly value: string;
  readonly source: string;
}

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly source: string;
}

const unique = (items: readonly string[]): readonly string[] => [...new Set(items)];

/** One setting for each name; where the nodes differ, the value names them. */
export function grouped(said: readonly Said[]): readonly Setting[] {
  return unique(said.map(({ name }) => name)).map((name) => {
    const same = said.filter((one) => one.name === name);
    const values = unique(same.map(({ value }) => value));
    const [only] = values;
    const value =
      values.length === 1 && only !== undefined
        ? only
        : values
            .map(
              (each) =>
                `${each} (${same
                  .filter((one) => one.value === each)
                  .map(({ where }) => where)
                  .join(', ')})`,
            )
            .join('; ');
    const sources = unique(same.map(({ source }) => source)).join('; ');
    return { name, value, source: `${sources}, read on ${same.map(({ where }) => where).join(', ')}` };
  });
}
