import { stringify } from 'yaml';

import type { KeyPair } from './pki/authority.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A kubeconfig with everything inside, as kubeadm writes them. */
export function kubeconfig(cluster: string, server: string, authority: string, user: string, pair: KeyPair): string {
  const context = `${user}@${cluster}`;
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { server, 'certificate-authority-data': base64(authority) } }],
    users: [
      {
        name: user,
        user: { 'client-certificate-data': base64(pair.certificate), 'client-key-data': base64(pair.key) },
      },
    ],
    contexts: [{ name: context, context: { cluster, user } }],
    'current-context': context,
  });
}
