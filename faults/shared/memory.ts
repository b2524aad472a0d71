import type { Group } from './cgroup.ts';
import { setScript } from './cgroup.ts';
import { quoted } from '../../harness/util/shell-words.ts';

/** The files of a memory group. */
export const memoryFiles = ({ version }: Group): { readonly limit: string; readonly usage: string } =>
  version === 1
    ? { limit: 'memory.limit_in_bytes', usage: 'memory.usage_in_bytes' }
    : { limit: 'memory.max', usage: 'memory.current' };

const groupOf = ({ folder }: Group, mark: string): string => `${folder}/shakedown_${mark}`;

/**
 * Limits the group to what it uses and that many bytes more, and takes these: `tail` keeps a line without an end until
 * it is killed. It is the first that the kernel kills when memory runs out, and ends by itself after half an hour.
 */
export function holdMemoryScript(group: Group, bytes: number, mark: string): string {
  const { limit, usage } = memoryFiles(group);
  const taking =
    'echo $$ > "$1/cgroup.procs" && echo 1000 > /proc/self/oom_score_adj && ' +
    '{ head -c "$2" /dev/zero; exec sleep 1800; } | tail > /dev/null';
  return `set -e
mkdir -p ${quoted(groupOf(group, mark))}
echo $(( $(cat ${quoted(`${group.folder}/${usage}`)}) + ${String(bytes)} )) > ${quoted(`${group.folder}/${limit}`)}
setsid sh -c ${quoted(taking)} taking ${quoted(groupOf(group, mark))} ${String(bytes)} < /dev/null > /dev/null 2>&1 &
`;
}

/** Gives the node its limit back, ends the process, and removes its group; succeeds only when that is gone. */
export function releaseMemoryScript(group: Group, before: string, mark: string): string {
  const own = quoted(groupOf(group, mark));
  return `${setScript(group.folder, memoryFiles(group).limit, before)}tries=0
while [ -d ${own} ] && [ $tries -lt 100 ]; do
  while read -r pid; do kill -KILL "$pid" || true; done < ${own}/cgroup.procs
  rmdir ${own} || sleep 0.1
  tries=$((tries + 1))
done 2> /dev/null
[ ! -d ${own} ]
`;
}
