/** What one section of a node's answer says that can be compared; Kubernetes changes the rest at any time. */
type Section = (lines: readonly string[]) => readonly string[];

/** The names of links that come and go with pods. */
const podLinks = 'veth|cali|cni|flannel|kube';
const without =
  (pattern: RegExp): Section =>
  (lines) =>
    lines.filter((line) => !pattern.test(line));
const asItIs: Section = (lines) => lines;

/** The services of a node as the kernel calls them: it keeps fifteen characters of a name. */
export const services: readonly string[] =
  'etcd kube-apiserver kube-controller kube-scheduler kubelet kube-proxy containerd'.split(' ');

/** A line of /proc/PID/stat; a name may hold spaces and parentheses of its own (proc_pid_stat(5)). */
function processOf(line: string): { readonly name: string; readonly state: string } | null {
  const [, name, state] = /^\d+ \((.*)\) (\S)/.exec(line) ?? [];
  return name === undefined || state === undefined ? null : { name, state };
}

const sections: ReadonlyMap<string, Section> = new Map([
  ['nft', without(/ (nat|filter|mangle|raw|kube-proxy)$/)],
  ['tc', (lines) => lines.map((line) => line.replace(/ [0-9a-f]*: /, ' '))],
  ['tc-filter', asItIs],
  [
    'link',
    (lines) =>
      without(new RegExp(`^\\d+: (${podLinks})`))(lines).map((line) =>
        line.replace(/^\d+: ([^:@]+).*(mtu \d+).* state ([A-Z]+).*$/, '$1 $2 $3'),
      ),
  ],
  [
    'route',
    (lines) =>
      lines
        .filter((line) => !new RegExp(`dev (${podLinks})`).test(line))
        .filter((line) => !/^(fe80|ff00|multicast|anycast|local fe80)/.test(line))
        .toSorted(),
  ],
  ['rule', asItIs],
  // A shell's own `read` takes a byte at a time, of which these files give only the first.
  ['sysctl', (lines) => lines.map((line) => line.replace(/^\/proc\/sys\/([^:]*):/, '$1 '))],
  [
    'mount',
    (lines) =>
      without(/ \/(var\/lib\/(kubelet|containerd)|run\/(containerd|netns|user)|proc|sys)/)(lines)
        .map((line) => line.split(' ').slice(1, 3).join(' '))
        .toSorted(),
  ],
  ['frozen', asItIs],
  // A program of that name may run in a pod, too; pods come and go.
  ['limit', (lines) => without(/\/kubepods/)(lines).map((line) => line.replace(/^\/sys\/fs\/cgroup\/([^:]*):/, '$1 '))],
  ['conntrack-marked', asItIs],
  ['kept', asItIs],
  ['shakedown', without(/^leash$/)],
]);

/**
 * The lines that describe a node, from what the script of the fingerprint said there: `section<TAB>fact`.
 * @param answer sections, each below `== NAME`
 */
export function readFingerprint(answer: string): readonly string[] {
  return answer
    .split(/^== /m)
    .slice(1)
    .flatMap((text) => {
      const [name = '', ...rest] = text.split('\n');
      const lines = rest.filter((line) => line !== '');
      if (name === 'iptables') return rulesOf(lines);
      if (name === 'process') return processesOf(lines);
      return (sections.get(name) ?? asItIs)(lines).map((line) => `${name}\t${line}`);
    });
}

/** Each rule with its table, which stands above it. */
function rulesOf(lines: readonly string[]): readonly string[] {
  let table = '';
  return lines.flatMap((line) => {
    if (!line.startsWith('*')) return [`iptables-${table}\t${line}`];
    table = line.slice(1);
    return [];
  });
}

/** Who is stopped, and how many there are of each service of a node. */
function processesOf(lines: readonly string[]): readonly string[] {
  const processes = lines.flatMap((line) => processOf(line) ?? []);
  const stopped = processes.filter(({ state }) => state === 'T').map(({ name }) => `process\t(${name}) is stopped`);
  const names = processes.map(({ name }) => name).filter((name) => services.includes(name));
  const counts = [...new Set(names)].toSorted().map((name) => {
    return `service\t${String(names.filter((other) => other === name).length)} ${name}`;
  });
  return [...stopped, ...counts];
}
