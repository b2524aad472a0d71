import type { Answer } from './fake-shell.ts';

const untouched: Readonly<Record<string, string>> = {
  'cpu.cfs_quota_us': '-1',
  'memory.limit_in_bytes': '9223372036854771712',
  'pids.max': 'max',
};

/** The control groups of one node, in version 1: limits that can be set, and the counters that move while they are. */
export class FakeGroups {
  deaf = false;
  /** What is set otherwise than before, by the path of its file. */
  readonly set = new Map<string, string>();
  #looks = 0;

  /** Undefined for what is no business of control groups. */
  answer(command: string): Answer | undefined {
    if (command === 'cat /proc/self/cgroup') return '1:cpu:/\n2:memory:/\n3:pids:/\n0::/';
    if (/^cat \/proc\/\d+\/cgroup$/.test(command)) return groupsOf(command.includes('4141') ? 'containerd' : 'kubelet');
    if (command.includes('kubelet-kubepods.slice')) return /'([^']*\/w\d)'/.exec(command)?.[1] ?? '';
    const [, file] = /^cat (\/sys\/fs\/cgroup\/\S+)$/.exec(command) ?? [];
    if (file !== undefined) return this.#read(file);
    if (command.startsWith('test ! -d /sys/fs/cgroup')) return '';
    if (command.includes('cgroup.procs') && command.includes('sleep 0.2')) return this.#fork();
    if (!command.includes('/sys/fs/cgroup/')) return undefined;
    return this.#write(command);
  }

  #read(file: string): string {
    const name = file.split('/').at(-1) ?? '';
    const isSet = [...this.set.keys()].some(
      (path) => path.slice(0, path.lastIndexOf('/')) === file.slice(0, file.lastIndexOf('/')),
    );
    if (isSet) this.#looks += 10;
    if (name === 'cpu.stat') return `nr_periods 500\nnr_throttled ${String(this.#looks)}\nthrottled_time 1`;
    if (name === 'memory.failcnt') return String(this.#looks);
    if (name === 'memory.usage_in_bytes') return '1000000';
    if (name === 'pids.current') return '60';
    return this.set.get(file) ?? untouched[name] ?? '';
  }

  #fork(): Answer {
    return [...this.set.keys()].some((path) => path.endsWith('pids.max'))
      ? { exitCode: 2, stderr: 'inside: 0: Cannot fork' }
      : '';
  }

  #write(command: string): Answer {
    for (const [, computed, value = '', path = ''] of command.matchAll(
      /(?:echo (\$\(\()|printf '%s' '([^']*)').*?> '(\/sys\/fs\/cgroup\/[^']+)'$/gm,
    )) {
      const name = path.split('/').at(-1) ?? '';
      if (computed === undefined && value === untouched[name]) this.set.delete(path);
      else if (!this.deaf) this.set.set(path, computed === undefined ? value : '1000100');
    }
    return '';
  }
}

const groupsOf = (service: string): string =>
  ['cpu', 'memory', 'pids']
    .map((controller, at) => `${String(at + 1)}:${controller}:/shakedown/fake/w1/system/${service}`)
    .join('\n');
