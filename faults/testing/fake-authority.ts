import 'reflect-metadata';

import { createPrivateKey, generateKeyPairSync, webcrypto, type KeyObject } from 'node:crypto';

import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';

const forms = {
  ec: { name: 'ECDSA', hash: 'SHA-256', namedCurve: 'P-256' },
  rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
};
export type KeyForm = keyof typeof forms;

/** An authority as its files say it, and the form of its key. */
export interface FakeAuthority {
  readonly form: KeyForm;
  readonly certificate: string;
  readonly key: string;
}

const pairOf = (form: KeyForm): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } =>
  form === 'ec'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2_048 });

async function imported(key: KeyObject, form: KeyForm): Promise<webcrypto.CryptoKey> {
  const isPrivate = key.type === 'private';
  const der = isPrivate ? key.export({ type: 'pkcs8', format: 'der' }) : key.export({ type: 'spki', format: 'der' });
  const usage = isPrivate ? 'sign' : 'verify';
  return webcrypto.subtle.importKey(isPrivate ? 'pkcs8' : 'spki', der, forms[form], true, [usage]);
}

/** Makes one, with its key in the form in which kubeadm writes it. */
export async function makeAuthority(form: KeyForm): Promise<FakeAuthority> {
  const { privateKey, publicKey } = pairOf(form);
  const keys = { privateKey: await imported(privateKey, form), publicKey: await imported(publicKey, form) };
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=kubernetes',
    keys,
    signingAlgorithm: forms[form],
  });
  const key =
    form === 'rsa'
      ? privateKey.export({ type: 'pkcs1', format: 'pem' })
      : privateKey.export({ type: 'sec1', format: 'pem' });
  return { form, certificate: certificate.toString('pem'), key: key.toString() };
}

/** A certificate of node w1 from that authority, in PEM. */
export async function issuedBy({ key, form }: FakeAuthority): Promise<string> {
  const { publicKey } = pairOf('ec');
  const certificate = await X509CertificateGenerator.create({
    subject: 'O=system:nodes, CN=system:node:w1',
    issuer: 'CN=kubernetes',
    publicKey: await imported(publicKey, 'ec'),
    signingKey: await imported(createPrivateKey(key), form),
    signingAlgorithm: forms[form],
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: 'w1' }])],
  });
  return `${certificate.toString('pem')}\n`;
}
