import { pins } from '../pins.ts';
import type { ImageRecipe, LayerRecipe } from './recipe.ts';

/** What programs without a distribution around them still look for: names of users, order of name look-ups, a place for temporary files. */
export const baseLayer: LayerRecipe = {
  inline: [
    { to: '/etc/passwd', content: 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' },
    { to: '/etc/group', content: 'root:x:0:\nnobody:x:65534:\n' },
    { to: '/etc/nsswitch.conf', content: 'hosts: files dns\n' },
  ],
  directories: [{ to: '/root', mode: 0o700 }, { to: '/tmp', mode: 0o1777 }, { to: '/var/lib' }],
};

/** A layer with one static program. */
export const programLayer = (from: string, to: string): LayerRecipe => ({ files: [{ from, to, mode: 0o755 }] });

/** Where pods and the kubelet find these images. Contents are ours; `pause` bears the name that containerd's defaults expect. */
export const imageNames = {
  pause: 'registry.k8s.io/pause:3.10.1',
  agnhost: `registry.local/agnhost:${pins.agnhost}`,
  coredns: `registry.local/coredns:${pins.coredns}`,
  etcd: `registry.local/etcd:${pins.etcd}`,
} as const;

/** The sandbox of every pod: holds its namespaces and reaps orphans. @param path of the static program `pause` */
export const pauseImage = (path: string): ImageRecipe => ({
  name: imageNames.pause,
  entrypoint: ['/pause'],
  user: '65535:65535',
  layers: [programLayer(path, '/pause')],
});

/** Kubernetes' own test server: `netexec`, `pause`, `serve-hostname` and many more. @param path of the static program `agnhost` */
export const agnhostImage = (path: string, name: string = imageNames.agnhost): ImageRecipe => ({
  name,
  entrypoint: ['/agnhost'],
  cmd: ['pause'],
  layers: [baseLayer, programLayer(path, '/agnhost')],
});

/** The cluster's DNS server. @param path of the static program `coredns` */
export const corednsImage = (path: string): ImageRecipe => ({
  name: imageNames.coredns,
  entrypoint: ['/coredns'],
  layers: [baseLayer, programLayer(path, '/coredns')],
});

/** etcd as a data service. @param paths of the static programs `etcd` and `etcdctl` */
export const etcdImage = (paths: { readonly etcd: string; readonly etcdctl: string }): ImageRecipe => ({
  name: imageNames.etcd,
  entrypoint: ['/usr/local/bin/etcd'],
  layers: [
    baseLayer,
    programLayer(paths.etcd, '/usr/local/bin/etcd'),
    programLayer(paths.etcdctl, '/usr/local/bin/etcdctl'),
  ],
});
