import { endMarkedScript } from './marked-processes.ts';
import { quoted } from '../../harness/util/shell-words.ts';

/** Below etcd's own limit of a request (1.5 MiB). */
export const valueBytes = 1_400_000;

/** Kubernetes keeps everything of its own below /registry/. */
const prefix = (mark: string): string => `/shakedown/${mark}/`;

const variable = 'SHAKEDOWN_FILL';

/** `ctl`: etcdctl with a limit that a member which is busy with its disk can keep. */
const ctl = (etcdctl: readonly string[]): string =>
  `ctl() { ${etcdctl.map(quoted).join(' ')} --dial-timeout=2s --command-timeout=20s "$@"; }\n`;

/** Writes values until etcd refuses one for want of space; fails when it takes `most` of them, or refuses for another cause. */
export const fillScript = (etcdctl: readonly string[], mark: string, most: number): string => `
export ${variable}=${quoted(mark)}
${ctl(etcdctl)}
i=0
while [ $i -lt ${String(most)} ]; do
  i=$((i + 1))
  said=$(head -c ${String(valueBytes)} /dev/zero | tr '\\0' x | ctl put ${quoted(prefix(mark))}$i 2>&1 > /dev/null) && continue
  case "$said" in *'database space exceeded'*) echo $i; exit 0 ;; esac
  echo "$said" >&2
  exit 1
done
echo 'etcd took everything' >&2
exit 1
`;

/**
 * Ends a fill that outlived the harness, deletes our keys, and makes room as etcd's manual says: compact, defragment every
 * member, and only then disarm the alarm. A physical compaction is waited for by the member that was asked alone: what another
 * has not compacted yet, defragmenting would not free there. Without an alarm and a key of ours it does nothing.
 */
export const emptyScript = (etcdctl: readonly string[], mark: string): string => `
${endMarkedScript(variable, mark)}${ctl(etcdctl)}
keys=$(ctl get ${quoted(prefix(mark))} --prefix --keys-only --limit=1) || exit 1
alarms=$(ctl alarm list) || exit 1
alarms=$(echo "$alarms" | grep NOSPACE)
[ -n "$keys$alarms" ] || exit 0
ctl del ${quoted(prefix(mark))} --prefix > /dev/null || exit 1
revision=$(ctl endpoint status -w json | sed -n 's/.*"revision":\\([0-9]*\\).*/\\1/p')
ctl compact --physical "$revision" > /dev/null
full() {
  ctl endpoint status --cluster -w json | tr ',{}' '\\n\\n\\n' |
    awk -F: '$1 == "\\"dbSize\\"" { size = $2 } $1 == "\\"dbSizeInUse\\"" && 2 * $2 > size { full = 1 } END { exit !full }'
}
tries=0
while full && [ $tries -lt 60 ]; do
  tries=$((tries + 1))
  sleep 0.5
done
ctl defrag --cluster > /dev/null
tries=0
while ctl alarm list | grep -q NOSPACE && [ $tries -lt 20 ]; do
  ctl alarm disarm > /dev/null
  tries=$((tries + 1))
  sleep 0.3
done
left=$(ctl alarm list) || exit 1
case "$left" in *NOSPACE*) exit 1 ;; esac
`;

/** How many keys of ours there are, in the output of etcdctl. */
export const countArgs = (mark: string): readonly string[] => [
  'get',
  prefix(mark),
  '--prefix',
  '--count-only',
  '-w',
  'fields',
];
