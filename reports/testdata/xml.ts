/** An element of an XML text, enough of one to read a JUnit file back. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/&(#x?[0-9a-fA-F]+|\w+);/g, (whole, name: string) => {
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    const sign = entities[name];
    if (sign === undefined) throw new Error(`there is no entity ${whole}`);
    return sign;
  });
}

function attributesOf(text: string): Record<string, string> {
  const left = text.replace(/\s+[\w:.-]+="[^"<]*"/g, '').trim();
  if (left !== '') throw new Error(`these are no attributes: ${left}`);
  return Object.fromEntries([...text.matchAll(/([\w:.-]+)="([^"]*)"/g)].map(([, key, value]) => [key, decode(value ?? '')]));
}

/** Reads a well-formed XML text of elements, attributes, text and CDATA. @throws Error for any other */
export function parseXml(text: string): Element {
  const top: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  const tokens = /<\?xml[^>]*\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([\w:.-]+)>|<([\w:.-]+)((?:\s+[\w:.-]+="[^"]*")*)\s*(\/?)>|([^<]+)|(<)/g;
  for (const [whole, cdata, closed, opened, given, alone, between, stray] of text.matchAll(tokens)) {
    const current = open.at(-1);
    if (current === undefined || stray !== undefined) throw new Error(`not well-formed at ${whole}`);
    if (cdata !== undefined) current.text += cdata;
    else if (between !== undefined) current.text += decode(between);
    else if (closed !== undefined) {
      if (current.name !== closed) throw new Error(`</${closed}> closes <${current.name}>`);
      open.pop();
    } else if (opened !== undefined) {
      const element: Element = { name: opened, attributes: attributesOf(given ?? ''), children: [], text: '' };
      current.children.push(element);
      if (alone === '') open.push(element);
    }
  }
  const [root, ...others] = top.children;
  if (open.length !== 1 || root === undefined || others.length > 0) throw new Error('not one whole element');
  return root;
}
