import { quoted } from '../../harness/util/shell-words.ts';

/** Runs the commands, with `$p` as /proc/PID, for each other process that has `VARIABLE=MARK` in its environment. */
export const forEachMarked = (variable: string, mark: string, commands: string): string =>
  `for f in $(grep -lsF ${quoted(`${variable}=${mark}`)} /proc/[0-9]*/environ); do
  p=\${f%/environ}
  [ "$p" = "/proc/$$" ] && continue
  ${commands}
done 2> /dev/null
`;

/** Ends them; does nothing when there are none. */
export const endMarkedScript = (variable: string, mark: string): string =>
  `${forEachMarked(variable, mark, 'kill -KILL "${p#/proc/}"')}true\n`;

/** Prints how many there are. */
export const countMarkedScript = (variable: string, mark: string): string =>
  `n=0\n${forEachMarked(variable, mark, 'n=$((n + 1))')}echo $n\n`;
