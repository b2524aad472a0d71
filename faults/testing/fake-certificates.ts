import { FakeAnswer } from './fake-api.ts';
import { issuedBy, makeAuthority } from './fake-authority.ts';
import type { Answer } from './fake-shell.ts';

const folder = '/etc/kubernetes';
const files = {
  client: `${folder}/kubelet.conf`,
  kubelet: `${folder}/pki/kubelet.crt`,
  server: `${folder}/pki/apiserver.crt`,
};

interface Files {
  readonly 'ca.crt': string;
  readonly 'ca.key': string;
  readonly certificate: string;
}
let made: Promise<Files> | undefined;

async function make(): Promise<Files> {
  const authority = await makeAuthority('ec');
  return { 'ca.crt': authority.certificate, 'ca.key': authority.key, certificate: await issuedBy(authority) };
}

/** The certificates on each node, of which some were replaced, and who still trusts them. */
export class FakeCertificates {
  deaf = false;
  readonly #made: Files;
  /** What was replaced: `NODE FILE`, with what is there now. */
  readonly #swapped = new Map<string, string>();

  private constructor(files: Files) {
    this.#made = files;
  }

  /** Keys take a while to make: all fakes share them. */
  static async make(): Promise<FakeCertificates> {
    return new FakeCertificates(await (made ??= make()));
  }

  changes(): readonly string[] {
    return [...this.#swapped.keys()].map((where) => `${where} is replaced`);
  }

  #isSwapped = (node: string, file: string): boolean => this.#swapped.has(`${node} ${file}`);

  /** Undefined for what is no business of certificates. @param restarted is told when a kubelet is started anew */
  answer(node: string, command: string, input: string, restarted: () => void): Answer | undefined {
    const [, flag] = /\/cmdline \| sed -n 's\/\^--(kubeconfig|tls-cert-file|config)=/.exec(command) ?? [];
    if (flag !== undefined) return this.#flag(flag, command.includes('/6363/'));
    const [, read] = /^sh -c readlink -f '([^']+)'/.exec(command) ?? [];
    if (read !== undefined) return this.#read(node, read);
    if (command.startsWith('kubectl') && command.endsWith('/api')) return this.#ask(node);
    if (command.startsWith('kubectl') && command.includes('/livez')) return this.#look(command);
    const [, file = ''] = /'(\/etc\/kubernetes\/[^']+?)(?:\.shakedown_\w+)?'/.exec(command) ?? [];
    if (file === '') return undefined;
    if (command.includes('sha256sum')) return `${this.#swapped.get(`${node} ${file}`) ?? 'sum'} - 600 0:0 2026-01-01`;
    if (command.includes('wc -l')) return this.#isSwapped(node, file) ? '1' : '0';
    if (command.includes('cat > "$kept.other"')) this.#swap(node, file, input, restarted);
    else if (command.includes('rm -f "$kept"')) this.#unswap(node, file, restarted);
    else return undefined;
    return '';
  }

  answerApi(path: string, addressed: (node: string) => boolean): unknown {
    const [, node = '', rest] = /^\/api\/v1\/nodes\/(\w+)\/proxy\/(healthz)$/.exec(path) ?? [];
    if (rest !== undefined && addressed(node)) {
      const message = 'error trying to reach service: tls: failed to verify certificate: x509: certificate has expired';
      return this.#isSwapped(node, files.kubelet) ? new FakeAnswer(503, { kind: 'Status', message }) : 'ok';
    }
    const [, holder = ''] = /\/kube-node-lease\/leases\/(\w+)$/.exec(path) ?? [];
    return this.#isSwapped(holder, files.client) ? { spec: { renewTime: 'before it was locked out' } } : undefined;
  }

  #flag(flag: string, ofServer: boolean): Answer {
    if (flag === 'kubeconfig') return files.client;
    if (flag === 'config') return `${folder}/kubelet.yaml`;
    return ofServer ? files.server : '';
  }

  #read(node: string, file: string): Answer {
    const { certificate } = this.#made;
    const swapped = this.#swapped.get(`${node} ${file}`);
    const name = file.split('/').at(-1);
    const text =
      swapped ??
      (file === files.client
        ? `users:\n- user:\n    client-certificate-data: ${Buffer.from(certificate).toString('base64')}\n`
        : name === 'kubelet.yaml'
          ? `kind: KubeletConfiguration\ntlsCertFile: ${files.kubelet}\n`
          : name === 'ca.crt' || name === 'ca.key'
            ? this.#made[name]
            : certificate);
    return `${file}\n${text}`;
  }

  #ask(node: string): Answer {
    const stderr = 'error: You must be logged in to the server (Unauthorized)';
    return this.#isSwapped(node, files.client) ? { exitCode: 1, stderr } : '{}';
  }

  #look(command: string): Answer {
    const [, number = ''] = /--server https:\/\/10\.0\.0\.1(\d):6443/.exec(command) ?? [];
    const stderr = 'Unable to connect to the server: tls: failed to verify certificate: x509: certificate has expired';
    return this.#isSwapped(`cp${number}`, files.server) ? { exitCode: 1, stderr } : 'ok';
  }

  #swap(node: string, file: string, text: string, restarted: () => void): void {
    if (this.deaf) return;
    this.#swapped.set(`${node} ${file}`, text);
    if (file !== files.server) restarted();
  }

  #unswap(node: string, file: string, restarted: () => void): void {
    if (this.#swapped.delete(`${node} ${file}`) && file !== files.server) restarted();
  }
}
