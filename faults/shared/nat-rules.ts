import { forEachProcess } from './processes.ts';

const folder = (mark: string): string => `/run/shakedown/${mark}`;

/** The chains that kube-proxy fills; its canary chain, by whose loss it notices a flush, and the kubelet's are left out. */
const ours = "grep -E '^(:|-A )KUBE-(SERVICES|NODEPORTS|POSTROUTING|MARK-MASQ|SVC-|SEP-|EXT-|FW-|SVL-)'";

/** Keeps the rules in a file on the node, whole or not at all, and empties their chains. */
export const flushRulesScript = (mark: string): string => `set -e
mkdir -p ${folder(mark)}
{ echo '*nat'; iptables-save -t nat | ${ours}; echo COMMIT; } > ${folder(mark)}/rules.new
[ -e ${folder(mark)}/rules ] || mv ${folder(mark)}/rules.new ${folder(mark)}/rules
{ echo '*nat'; iptables-save -t nat | ${ours} | grep '^:'; echo COMMIT; } | iptables-restore --noflush
`;

/**
 * Puts the rules back as they were, without the API, and lets kube-proxy start anew, which writes all of them as they
 * should be now. Does nothing where nothing was flushed.
 */
export const restoreRulesScript = (mark: string): string => `set -e
if [ -e ${folder(mark)}/rules ]; then
  iptables-restore --noflush < ${folder(mark)}/rules
  ${forEachProcess('kube-proxy', 'kill -KILL "${p#/proc/}" || true').trimEnd()}
fi
rm -rf ${folder(mark)}
`;
