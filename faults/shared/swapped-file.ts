import type { Shell } from '../../harness/model/cluster.ts';
import { HarnessError } from '../../harness/model/errors.ts';
import { startServiceScript, stopServiceScript } from './service.ts';
import { quoted } from '../../harness/util/shell-words.ts';

const keptOf = (file: string, mark: string): string => `${file}.shakedown_${mark}`;
const restart = (service: string | null): string =>
  service === null ? '' : `${stopServiceScript(service)}${startServiceScript(service)}`;

/**
 * Puts what comes on standard input in the place of a file, with its owner and mode, and keeps the original beside it;
 * then restarts the service that reads it.
 */
export const swapScript = (file: string, mark: string, service: string | null): string => `set -e
kept=${quoted(keptOf(file, mark))}
if [ ! -e "$kept" ]; then
  cp -a ${quoted(file)} "$kept.new"
  mv -f "$kept.new" "$kept"
fi
cp -a ${quoted(file)} "$kept.other"
cat > "$kept.other"
mv -f "$kept.other" ${quoted(file)}
${restart(service)}`;

/** Puts the original back with its times. It is kept until the service has read it, so that what was broken off can be repeated. */
export const unswapScript = (file: string, mark: string, service: string | null): string => `set -e
kept=${quoted(keptOf(file, mark))}
rm -f "$kept.new" "$kept.other"
[ -e "$kept" ] || exit 0
cp -a "$kept" "$kept.other"
mv -f "$kept.other" ${quoted(file)}
${restart(service)}rm -f "$kept"
`;

/** What a file is: the sum of its content, its mode, owner and time of change, in a line. @throws HarnessError `command-failed` */
export async function describeFile(shell: Shell, file: string, signal: AbortSignal): Promise<string> {
  const script = `sha256sum < ${quoted(file)} && stat -c '%a %u:%g %y' ${quoted(file)}`;
  const { stdout } = await shell.exec(['sh', '-c', script], { signal, timeoutMs: 10_000 });
  return stdout.trim().replace(/\s+/g, ' ');
}

/** Whether an original of ours is still kept beside the file. */
export async function isSwapped(shell: Shell, file: string, mark: string, signal: AbortSignal): Promise<boolean> {
  const { stdout } = await shell.exec(['sh', '-c', `ls ${quoted(keptOf(file, mark))}* 2> /dev/null | wc -l`], {
    signal,
    timeoutMs: 10_000,
  });
  return stdout.trim() !== '0';
}

/** The whole of a small file, where it really is. @throws HarnessError `refused` when it cannot be read */
export async function readFileOn(
  shell: Shell,
  file: string,
  signal: AbortSignal,
): Promise<{ readonly path: string; readonly text: string }> {
  const script = `readlink -f ${quoted(file)} && cat ${quoted(file)}`;
  const ran = await shell.exec(['sh', '-c', script], { signal, timeoutMs: 10_000, allowFailure: true });
  const end = ran.stdout.indexOf('\n');
  if (ran.exitCode !== 0 || end < 0)
    throw new HarnessError('refused', `${shell.name} has no file ${file} that can be read`);
  return { path: ran.stdout.slice(0, end), text: ran.stdout.slice(end + 1) };
}
