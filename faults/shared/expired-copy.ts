import 'reflect-metadata';

import { createPrivateKey, webcrypto, type KeyObject } from 'node:crypto';

import { X509Certificate, X509CertificateGenerator } from '@peculiar/x509';

import { HarnessError, messageOf } from '../../harness/model/errors.ts';

const hourMs = 3_600_000;

/** An authority as its files say it. */
export interface AuthorityFiles {
  readonly certificate: string;
  readonly key: string;
}

/**
 * The same certificate (subject, key, names, uses), signed by the same authority, of which the time ran out an hour ago.
 * @returns PEM
 * @throws HarnessError `refused` when another authority signed it, or the key is none that can be used
 */
export async function expiredCopy(certificate: string, authority: AuthorityFiles, nowMs = Date.now()): Promise<string> {
  const original = parsed(certificate, 'The certificate');
  const issuer = parsed(authority.certificate, "The authority's certificate");
  if (!(await original.verify({ publicKey: issuer.publicKey, signatureOnly: true })))
    throw new HarnessError(
      'refused',
      `The certificate of ${original.subject} is signed by ${original.issuer}, not by the authority ${issuer.subject}`,
    );
  const { key, algorithm } = await signingKey(authority.key);
  const copy = await X509CertificateGenerator.create({
    subject: original.subject,
    issuer: issuer.subject,
    publicKey: original.publicKey,
    extensions: original.extensions,
    notBefore: new Date(nowMs - 25 * hourMs),
    notAfter: new Date(nowMs - hourMs),
    signingKey: key,
    signingAlgorithm: algorithm,
  });
  return `${copy.toString('pem')}\n`;
}

function parsed(pem: string, what: string): X509Certificate {
  const [first] = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/.exec(pem) ?? [];
  try {
    if (first !== undefined) return new X509Certificate(first);
  } catch (cause) {
    throw new HarnessError('refused', `${what} cannot be read: ${messageOf(cause)}`, { cause });
  }
  throw new HarnessError('refused', `${what} is not in PEM`);
}

async function signingKey(pem: string): Promise<{
  readonly key: webcrypto.CryptoKey;
  readonly algorithm: { readonly name: string; readonly hash: string };
}> {
  const object = privateKey(pem);
  const { asymmetricKeyType: type = 'unknown' } = object;
  if (type !== 'ec' && type !== 'rsa')
    throw new HarnessError('refused', `The authority's key is of type ${type}, expected ec or rsa`);
  const algorithm =
    type === 'ec'
      ? { name: 'ECDSA', hash: 'SHA-256', namedCurve: curveOf(object) }
      : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const der = object.export({ type: 'pkcs8', format: 'der' });
  return { key: await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']), algorithm };
}

function privateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new HarnessError('refused', `The authority's key cannot be read: ${messageOf(cause)}`, { cause });
  }
}

const curves: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };
const curveOf = (key: KeyObject): string => curves[key.asymmetricKeyDetails?.namedCurve ?? ''] ?? 'P-256';
