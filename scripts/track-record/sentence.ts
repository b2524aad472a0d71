const mostCharacters = 240;

/** As much of a long finding as a table can hold: whole clauses, then an ellipsis. */
export function firstSentence(text: string): string {
  const line = text.split('\n')[0] ?? '';
  if (line.length <= mostCharacters) return line;
  const cut = line.slice(0, mostCharacters);
  const end = Math.max(cut.lastIndexOf('; '), cut.lastIndexOf(', '));
  return `${end > 0 ? cut.slice(0, end) : cut} ...`;
}
