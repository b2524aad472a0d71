import { X509Certificate } from 'node:crypto';

import { expect } from 'chai';

import { messageOf } from '../../harness/model/errors.ts';
import { issuedBy, makeAuthority } from '../testing/fake-authority.ts';
import { expiredCopy } from './expired-copy.ts';

describe('expiredCopy', () => {
  for (const form of ['ec', 'rsa'] as const)
    it(`differs in its time alone, and its authority (${form}) stands for it`, async () => {
      const authority = await makeAuthority(form);
      const original = await issuedBy(authority);
      const copy = new X509Certificate(await expiredCopy(original, authority, Date.UTC(2030, 0, 10, 12)));
      const before = new X509Certificate(original);
      expect(copy.verify(new X509Certificate(authority.certificate).publicKey)).to.equal(true);
      expect(copy.subject).to.equal(before.subject);
      expect(copy.issuer).to.equal(before.issuer);
      expect(copy.publicKey.equals(before.publicKey)).to.equal(true);
      expect(copy.subjectAltName).to.equal('DNS:w1');
      expect(copy.validTo).to.equal('Jan 10 11:00:00 2030 GMT');
      expect(copy.validFrom).to.equal('Jan  9 11:00:00 2030 GMT');
    });

  it('refuses what another authority signed, and what is no certificate', async () => {
    const [one, other] = [await makeAuthority('ec'), await makeAuthority('ec')];
    const said = async (work: Promise<string>): Promise<string> => work.catch(messageOf);
    expect(await said(expiredCopy(await issuedBy(other), one))).to.match(
      /^The certificate of .*w1.* is signed by CN=kubernetes, not by the authority/,
    );
    expect(await said(expiredCopy('nothing', one))).to.equal('The certificate is not in PEM');
    expect(await said(expiredCopy(await issuedBy(one), { ...one, key: 'nothing' }))).to.match(
      /^The authority's key cannot be read/,
    );
  });
});
