import { join } from 'node:path';

import { etcdImage, pauseImage, programLayer } from '../../harness/toolchain/index.ts';
import type { ImageRecipe, LayerRecipe, LinkedProgram } from '../../harness/toolchain/index.ts';
import type { ConformancePrograms } from './programs.ts';

/** What the images are made of. */
export interface ImageParts {
  readonly programs: ConformancePrograms;
  readonly toolchain: Readonly<Record<'agnhost' | 'etcd' | 'etcdctl' | 'pause', string>>;
  /** busybox's applets, with bash as sh. */
  readonly shell: LayerRecipe;
  /** The programs of `netTools`. */
  readonly tools: LayerRecipe;
}

/** What tests run inside agnhost and jessie-dnsutils, and what busybox's applets of these names do not do as they expect. */
export const netTools: readonly LinkedProgram[] = [
  { package: 'curl', from: 'usr/bin/curl', to: '/usr/bin/curl' },
  { package: 'libc-bin', from: 'usr/bin/getent', to: '/usr/bin/getent' },
  { package: 'bind9-dnsutils', from: 'usr/bin/dig', to: '/usr/bin/dig' },
  { package: 'bind9-dnsutils', from: 'usr/bin/nslookup', to: '/usr/bin/nslookup' },
  { package: 'netcat-openbsd', from: 'bin/nc.openbsd', to: '/bin/nc' },
];

const users = [
  'root:x:0:0:root:/root:/bin/sh',
  'user-defined-in-image:x:1000:1000::/:/bin/sh',
  'nobody:x:65534:65534:nobody:/:/bin/false',
];
const groups = [
  'root:x:0:',
  'user-defined-in-image:x:1000:',
  'group-defined-in-image:x:50000:user-defined-in-image',
  'nobody:x:65534:',
];

const ground: LayerRecipe = {
  inline: [
    { to: '/etc/passwd', content: `${users.join('\n')}\n` },
    { to: '/etc/group', content: `${groups.join('\n')}\n` },
    { to: '/etc/nsswitch.conf', content: 'hosts: files dns\n' },
  ],
  directories: [
    { to: '/root', mode: 0o700 },
    { to: '/tmp', mode: 0o1777 },
    { to: '/home' },
    // Where agnhost's netexec keeps what is sent to it.
    { to: '/uploads' },
    { to: '/var/lib' },
  ],
};

const official = 'registry.k8s.io/';
const test = (nameAndTag: string): string => `${official}e2e-test-images/${nameAndTag}`;

/**
 * Stand-ins for every image that a conformance test names: names and tags of the originals (test/utils/image/manifest.go of
 * Kubernetes 1.34.4), contents of this machine, so that no registry is needed.
 */
export function testImages({ programs, toolchain, shell, tools }: ImageParts): readonly ImageRecipe[] {
  const data = (...path: string[]): string => join(programs.testImages, ...path);
  const agnhost: LayerRecipe = {
    files: [
      { from: toolchain.agnhost, to: '/agnhost' },
      { from: data('agnhost/porter/localhost.crt'), to: '/localhost.crt', mode: 0o644 },
      { from: data('agnhost/porter/localhost.key'), to: '/localhost.key', mode: 0o644 },
    ],
    symlinks: [{ to: '/agnhost-2', target: 'agnhost' }],
  };
  // The stateful set tests move this file away to break the readiness of a pod.
  const page: LayerRecipe = {
    inline: [{ to: '/usr/local/apache2/htdocs/index.html', content: '<html><body><h1>It works!</h1></body></html>\n' }],
  };
  const files = (...names: readonly string[]): LayerRecipe => ({
    files: names.map((name) => ({ from: data(name), to: `/${name.split('/').at(-1) ?? name}`, mode: 0o644 })),
  });
  const small = [ground, shell];
  const full = [ground, shell, tools];
  const web = ['/agnhost'];
  const serve = ['/bin/busybox', 'httpd', '-f', '-p', '80', '-h', '/usr/local/apache2/htdocs'];
  const netexec = ['/agnhost', 'netexec', '--http-port=80'];
  const image = (name: string, cmd: readonly string[], layers: readonly LayerRecipe[]): ImageRecipe => ({
    name,
    entrypoint: [],
    cmd,
    layers,
  });
  return [
    { name: test('agnhost:2.56'), entrypoint: web, cmd: ['pause'], layers: [...full, agnhost] },
    { ...pauseImage(toolchain.pause), name: `${official}pause:3.10.1` },
    image(test('busybox:1.37.0-1'), ['sh'], small),
    image(test('httpd:2.4.38-4'), serve, [...full, page]),
    image(test('httpd:2.4.39-4'), serve, [...full, page]),
    image(test('nginx:1.14-4'), netexec, [...full, agnhost]),
    image(test('nginx:1.15-4'), netexec, [...full, agnhost]),
    {
      name: test('nautilus:1.7'),
      entrypoint: web,
      cmd: ['test-webserver', '--port=80'],
      layers: [ground, agnhost, files('nautilus/html/data.json', 'nautilus/html/nautilus.jpg')],
    },
    {
      name: test('kitten:1.7'),
      entrypoint: web,
      cmd: ['test-webserver', '--port=80'],
      layers: [ground, agnhost, files('kitten/html/data.json')],
    },
    image(
      test('nonewprivs:1.3'),
      ['/usr/local/bin/nnp'],
      [...small, { files: [{ from: programs.nonewprivs, to: '/usr/local/bin/nnp', mode: 0o6755 }] }],
    ),
    { ...image(test('nonroot:1.4'), ['sh'], small), user: '1234' },
    image(test('jessie-dnsutils:1.7'), ['sh'], full),
    { ...etcdImage(toolchain), name: `${official}etcd:3.6.4-0`, entrypoint: [], cmd: ['etcd'] },
    {
      name: test('sample-apiserver:1.29.2'),
      entrypoint: ['/sample-apiserver'],
      layers: [ground, programLayer(programs.sampleApiserver, '/sample-apiserver')],
    },
  ];
}
