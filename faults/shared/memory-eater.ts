import { forEachContained } from './container-processes.ts';
import { countMarkedScript, endMarkedScript } from './marked-processes.ts';
import { quoted } from '../../harness/util/shell-words.ts';

const variable = 'SHAKEDOWN_EATER';

/**
 * Starts a process that joins the memory group of a container and then eats without end; it is ended after 20 s whatever
 * happens. It joins by the group of the container's first process, under version 1 or 2 of control groups.
 * -999 of 1000 makes it the last that the kernel chooses, and still one that it may.
 */
export const eatScript = (containerId: string, mark: string): string => `set -e
group=
${forEachContained(containerId, 'group=${group:-$(grep -E "^[0-9]+:memory:|^0::" $p/cgroup | sort -r | head -n 1)}')}
[ -n "$group" ]
case "$group" in
  0::*) root=/sys/fs/cgroup ;;
  *) root=/sys/fs/cgroup/memory ;;
esac
procs="$root\${group##*:}/cgroup.procs"
[ -w "$procs" ]
env ${variable}=${quoted(mark)} setsid sh -c '
  echo -999 > /proc/self/oom_score_adj
  echo $$ > "$1" && exec timeout -s KILL 20 tail /dev/zero
' eater "$procs" < /dev/null > /dev/null 2>&1 &
`;

/** Ends them; does nothing when there are none. */
export const endEatersScript = (mark: string): string => endMarkedScript(variable, mark);

/** Prints how many there are. */
export const eatersScript = (mark: string): string => countMarkedScript(variable, mark);
