import { expect } from 'chai';

import { readFingerprint } from './fingerprint-sections.ts';

const answer = (sections: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(sections)
    .map(([name, lines]) => `== ${name}\n${lines.map((line) => `${line}\n`).join('')}`)
    .join('');

describe('the fingerprint of a node', () => {
  it('has the tables of nft and the rules of iptables that Kubernetes did not make', () => {
    const lines = readFingerprint(
      answer({
        nft: ['table ip nat', 'table inet shakedown_ab12'],
        iptables: ['*filter', '-A INPUT -p tcp -j DROP', '*nat', '-A PREROUTING -j REDIRECT'],
      }),
    );
    expect(lines).to.deep.equal([
      'nft\ttable inet shakedown_ab12',
      'iptables-filter\t-A INPUT -p tcp -j DROP',
      'iptables-nat\t-A PREROUTING -j REDIRECT',
    ]);
  });

  it('has links by name, size and state, without their numbers and without those of pods', () => {
    const lines = readFingerprint(
      answer({
        link: [
          '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default',
          '7: eth0@if12: <BROADCAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default',
          '9: veth12@if2: <BROADCAST,UP> mtu 1500 qdisc noqueue state UP mode DEFAULT',
        ],
        tc: ['qdisc noqueue 0: root refcnt 2'],
      }),
    );
    expect(lines).to.deep.equal([
      'link\tlo mtu 65536 UNKNOWN',
      'link\teth0 mtu 1500 UP',
      'tc\tqdisc noqueue root refcnt 2',
    ]);
  });

  it('has the routes and mounts that no pod made, in order', () => {
    const lines = readFingerprint(
      answer({
        route: [
          'default via 10.0.0.1 dev eth0',
          '10.1.0.7 dev veth8 scope host',
          'blackhole 10.9.0.0/16',
          'fe80::/64 dev eth0',
        ],
        mount: ['tmpfs /tmp tmpfs rw 0 0', 'shm /run/containerd/io/shm tmpfs rw 0 0', 'overlay / overlay rw 0 0'],
      }),
    );
    expect(lines).to.deep.equal([
      'route\tblackhole 10.9.0.0/16',
      'route\tdefault via 10.0.0.1 dev eth0',
      'mount\t/ overlay',
      'mount\t/tmp tmpfs',
    ]);
  });

  it('has who is stopped, whatever its name, and how many there are of each service', () => {
    const lines = readFingerprint(
      answer({ process: ['12 (kubelet) T 1 12', '13 (a (b) c) T 1', '14 (etcd) S 1', '15 (etcd) R 1', '16 (sh) S 1'] }),
    );
    expect(lines).to.deep.equal([
      'process\t(kubelet) is stopped',
      'process\t(a (b) c) is stopped',
      'service\t2 etcd',
      'service\t1 kubelet',
    ]);
  });

  it('has the sysctls, and the limits of the groups of services, by their names', () => {
    const lines = readFingerprint(
      answer({
        sysctl: ['/proc/sys/kernel/pid_max:4194304', '/proc/sys/net/ipv4/ip_local_port_range:32768\t60999'],
        limit: [
          '/sys/fs/cgroup/pids/node/kubelet/pids.max:max',
          '/sys/fs/cgroup/pids/node/kubepods/burstable/pod1/c1/pids.max:max',
          '/sys/fs/cgroup/blkio/x/blkio.throttle.write_iops_device:8:0 5',
        ],
      }),
    );
    expect(lines).to.deep.equal([
      'sysctl\tkernel/pid_max 4194304',
      'sysctl\tnet/ipv4/ip_local_port_range 32768\t60999',
      'limit\tpids/node/kubelet/pids.max max',
      'limit\tblkio/x/blkio.throttle.write_iops_device 8:0 5',
    ]);
  });

  it('has what the harness keeps on a node, but for the folder of the leashes', () => {
    const lines = readFingerprint(
      answer({
        frozen: ['/sys/fs/cgroup/freezer/x'],
        kept: ['/etc/kubernetes/a.shakedown_x'],
        shakedown: ['leash', 'fill'],
      }),
    );
    expect(lines).to.deep.equal([
      'frozen\t/sys/fs/cgroup/freezer/x',
      'kept\t/etc/kubernetes/a.shakedown_x',
      'shakedown\tfill',
    ]);
  });
});
