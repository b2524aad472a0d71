import { forEachContained } from './container-processes.ts';
import { quoted } from './shell-words.ts';

const variable = 'SHAKEDOWN_EATER';

/** Runs the commands for each eater of that injection, with `$p` as /proc/PID; found by its environment. */
const forEachEater = (mark: string, commands: string): string =>
  `for f in $(grep -lsF ${quoted(`${variable}=${mark}`)} /proc/[0-9]*/environ); do
  p=\${f%/environ}
  [ "$p" = "/proc/$$" ] && continue
  ${commands}
done 2> /dev/null
`;

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
export const endEatersScript = (mark: string): string => `${forEachEater(mark, 'kill -KILL "${p#/proc/}"')}true\n`;

/** Prints how many there are. */
export const eatersScript = (mark: string): string => `n=0\n${forEachEater(mark, 'n=$((n + 1))')}echo $n\n`;
