/** A word of a POSIX shell script, always in quotes, so that what stands in a script shows where a word begins and ends. */
export const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
