import { expect } from 'chai';

import { addressAt, overlap, parseCidr, subnetAt, textOf, type Cidr } from './cidr.ts';

const cidr = (text: string): Cidr => {
  const parsed = parseCidr(text);
  if (parsed === null) throw new Error(`${text} is no network`);
  return parsed;
};

describe('cidr', () => {
  it('reads a network and writes it back', () => {
    for (const text of ['0.0.0.0/0', '198.19.128.0/17', '255.255.255.255/32', '10.96.0.0/12'])
      expect(textOf(cidr(text))).to.equal(text);
  });

  it('reads nothing else', () => {
    for (const text of ['', '10.0.0.0', '10.0.0.0/33', '256.0.0.0/8', '10.0.0.1/8', 'fd00::/8', '10.0.0.0/8 '])
      expect(parseCidr(text), text).to.equal(null);
  });

  it('counts addresses and parts across bytes', () => {
    expect(addressAt(cidr('198.19.128.0/17'), 10)).to.equal('198.19.128.10');
    expect(addressAt(cidr('10.0.0.0/8'), 256 * 256 + 2)).to.equal('10.1.0.2');
    expect(subnetAt(cidr('198.19.0.0/17'), 24, 127)).to.equal('198.19.127.0/24');
  });

  it('sees overlaps', () => {
    expect(overlap(cidr('10.0.0.0/8'), cidr('10.255.0.0/16'))).to.equal(true);
    expect(overlap(cidr('198.19.0.0/17'), cidr('198.19.128.0/17'))).to.equal(false);
  });
});
