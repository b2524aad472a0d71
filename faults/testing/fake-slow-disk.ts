import type { Answer } from './fake-shell.ts';

/** The disk of each etcd member: a limit on its writes, and what the member counts of the syncs of its log. */
export class FakeSlowDisk {
  deaf = false;
  readonly #limited = new Set<string>();
  #syncs = 100;
  #seconds = 0.2;

  changes(): readonly string[] {
    return [...this.#limited].map((node) => `etcd on ${node} writes slowly`);
  }

  /** Undefined for what is no business of the disk. */
  answer(node: string, command: string): Answer | undefined {
    if (command.includes('write_iops_device ]')) return 'group /\ndevice 254:0';
    if (command.includes('--data-dir')) return '/var/lib/etcd';
    if (command.includes('etcd_disk_wal_fsync')) return this.#metrics(node);
    if (!command.includes('/sys/fs/cgroup/blkio/shakedown_')) return undefined;
    if (command.includes('wc -l')) return this.#limited.has(node) ? '8' : { exitCode: 1 };
    if (command.includes('rmdir')) this.#limited.delete(node);
    else if (!this.deaf) this.#limited.add(node);
    return '';
  }

  #metrics(node: string): Answer {
    this.#syncs += 5;
    this.#seconds += this.#limited.has(node) ? 5 : 0.01;
    const name = 'etcd_disk_wal_fsync_duration_seconds';
    return `${name}_sum ${String(this.#seconds)}\n${name}_count ${String(this.#syncs)}`;
  }
}
