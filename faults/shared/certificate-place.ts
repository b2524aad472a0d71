import type { Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import { flagOf } from './command-line.ts';
import type { AuthorityFiles } from './expired-copy.ts';
import { processesOf } from './processes.ts';
import { readFileOn } from './swapped-file.ts';

export type Which = 'kubelet-client' | 'kubelet-serving' | 'apiserver-serving';

/** Where a program reads its certificate. */
export type CertificatePlace = {
  readonly file: string;
  /** A kubeconfig has the certificate in it; a PEM file may have the key beside it. */
  readonly form: 'pem' | 'kubeconfig';
  /** The process that reads it, by its start in clock ticks. */
  readonly startedAt: number;
};

/** Where kubeadm, and who follows it, keeps the cluster's authority on every control plane. */
const authority = '/etc/kubernetes/pki/ca';

/** @throws HarnessError `refused` where it is not there */
export async function authorityOn(shell: Shell, signal: AbortSignal): Promise<AuthorityFiles> {
  const [certificate, key] = await Promise.all(
    ['crt', 'key'].map((end) => readFileOn(shell, `${authority}.${end}`, signal)),
  );
  return { certificate: certificate?.text ?? '', key: key?.text ?? '' };
}

const programs = { 'kubelet-client': 'kubelet', 'kubelet-serving': 'kubelet', 'apiserver-serving': 'kube-apiserver' };

/** Looks it up on the program's command line and in its configuration. @throws HarnessError `refused` when it is in no file */
export async function findCertificate(shell: Shell, which: Which, signal: AbortSignal): Promise<CertificatePlace> {
  const program = programs[which];
  const [process, ...others] = await processesOf(shell, program, signal);
  if (process === undefined || others.length > 0)
    throw new HarnessError('refused', `${shell.name} does not run exactly one process ${program}`);
  const { pid, startedAt } = process;
  const flag = (name: string): Promise<string> => flagOf(shell, pid, name, signal);
  if (which === 'kubelet-client') {
    const kubeconfig = await readFileOn(shell, await flag('kubeconfig'), signal);
    const [, elsewhere] = /^\s*client-certificate: (\S+)/m.exec(kubeconfig.text) ?? [];
    if (elsewhere === undefined) return { file: kubeconfig.path, form: 'kubeconfig', startedAt };
    return { file: (await readFileOn(shell, elsewhere, signal)).path, form: 'pem', startedAt };
  }
  const given = await flag('tls-cert-file');
  const file =
    given === '' && which === 'kubelet-serving' ? await ofKubeletConfig(shell, await flag('config'), signal) : given;
  if (file === '')
    throw new HarnessError(
      'refused',
      `The serving certificate of ${program} on ${shell.name} is its own: no authority signed it`,
    );
  return { file: (await readFileOn(shell, file, signal)).path, form: 'pem', startedAt };
}

async function ofKubeletConfig(shell: Shell, file: string, signal: AbortSignal): Promise<string> {
  if (file === '') return '';
  const { text } = await readFileOn(shell, file, signal);
  return /^tlsCertFile: ["']?([^\s"']+)/m.exec(text)?.[1] ?? '';
}

const inKubeconfig = /^(\s*client-certificate-data: )(\S+)$/m;
const inPem = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----\n?/;

/** The content of that file with an expired copy in place of its certificate. @throws HarnessError `refused` */
export async function withExpired(text: string, form: CertificatePlace['form'], by: AuthorityFiles): Promise<string> {
  // What signs is loaded by who needs it: it takes as long to load as a fifth of all else.
  const { expiredCopy } = await import('./expired-copy.ts');
  if (form === 'pem') {
    const copy = await expiredCopy(text, by);
    return text.replace(inPem, () => copy);
  }
  const [, , encoded] = inKubeconfig.exec(text) ?? [];
  if (encoded === undefined) throw new HarnessError('refused', 'The kubeconfig has no certificate in it');
  const copy = await expiredCopy(Buffer.from(encoded, 'base64').toString('utf8'), by);
  return text.replace(inKubeconfig, (_, field: string) => `${field}${Buffer.from(copy).toString('base64')}`);
}
