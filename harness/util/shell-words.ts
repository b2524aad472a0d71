/** A word of a POSIX shell script, whatever characters are in it; plain ones stay as they are. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
