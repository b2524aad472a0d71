/** An IPv4 network: its first address as a number, and the length of its prefix. */
export interface Cidr {
  readonly base: number;
  readonly prefix: number;
}

/** The network of a text such as `198.19.0.0/17`, or null when it is none or its host bits are not zero. */
export function parseCidr(text: string): Cidr | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return null;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if ([a, b, c, d].some((part) => part > 255) || prefix > 32) return null;
  const base = ((a * 256 + b) * 256 + c) * 256 + d;
  return base % 2 ** (32 - prefix) === 0 ? { base, prefix } : null;
}

/** The address at that place in the network: 0 is the network's own, 1 the first host's. */
export function addressAt(cidr: Cidr, at: number): string {
  const address = cidr.base + at;
  return [24, 16, 8, 0].map((shift) => String(Math.floor(address / 2 ** shift) % 256)).join('.');
}

/** The part of that length at that place in the network, as text. */
export function subnetAt(cidr: Cidr, prefix: number, at: number): string {
  return `${addressAt(cidr, at * 2 ** (32 - prefix))}/${String(prefix)}`;
}

export const textOf = (cidr: Cidr): string => `${addressAt(cidr, 0)}/${String(cidr.prefix)}`;

export function overlap(one: Cidr, other: Cidr): boolean {
  const size = (cidr: Cidr): number => 2 ** (32 - cidr.prefix);
  return one.base < other.base + size(other) && other.base < one.base + size(one);
}
