/** A word of a POSIX shell script, whatever characters are in it. */
export const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
