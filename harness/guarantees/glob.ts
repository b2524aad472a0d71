/** A test for names by a pattern in which `*` stands for any text and `?` for one character. */
export function glob(pattern: string): (name: string) => boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const expression = new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
  return (name) => expression.test(name);
}
