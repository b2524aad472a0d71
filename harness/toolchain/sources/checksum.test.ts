import { expect } from 'chai';

import { publishedChecksum } from './checksum.ts';

const one = 'a'.repeat(64);
const two = 'b'.repeat(64);

describe('publishedChecksum', () => {
  it('takes a hash that stands alone', () => {
    expect(publishedChecksum(`${one}\n`, 'kubelet')).to.equal(one);
  });

  it('takes the line of the file, in the ways of sha256sum', () => {
    expect(publishedChecksum(`${one}  other.tgz\n${two}  k6.tgz\n`, 'k6.tgz')).to.equal(two);
    expect(publishedChecksum(`${two.toUpperCase()} *./k6.tgz`, 'k6.tgz')).to.equal(two);
  });

  it('takes no hash of another file', () => {
    expect(publishedChecksum(`${one}  other.tgz\n`, 'k6.tgz')).to.equal(null);
    expect(publishedChecksum(`${one}\n${two}\n`, 'k6.tgz')).to.equal(null);
    expect(publishedChecksum('<html>not found</html>', 'k6.tgz')).to.equal(null);
  });
});
