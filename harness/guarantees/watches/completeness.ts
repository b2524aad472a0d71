import type { OpEvent, WatchEvent } from '../../model/history.ts';
import { changeOf, type Finding, type Followed } from './follow.ts';
import { compareVersions } from './versions.ts';

/** What one client should have been told of. */
export interface Completeness {
  readonly missing: readonly Finding[];
  /** Acknowledged writes of which it was not told, where it had no time to, or was not there. */
  readonly open: number;
  /** The longest time from an acknowledgement to the event; null when no event can be set against one. */
  readonly slowestMs: number | null;
}

export interface Wanted {
  /** Acknowledged writes of records of their own. */
  readonly writes: readonly OpEvent[];
  /** Every change that any client was told of. */
  readonly changes: ReadonlyMap<string, WatchEvent>;
  /** How long a client that is connected may be without an event of an acknowledged write. */
  readonly withinMs: number;
  /** When the last fault was gone: before it, nothing is late. */
  readonly goneMs: number;
}

/** Sets what one client was told against what others were told, and against what was acknowledged. */
export function completenessOf(followed: Followed, wanted: Wanted): Completeness {
  const passed = passedOver(followed, wanted.changes);
  const keys = new Set(passed.map(({ key }) => key));
  const { unseen, slowestMs } = acknowledgements(followed, wanted.writes);
  const left = unseen.filter(({ key }) => !keys.has(key));
  const late = left.filter((write) => hadTime(followed, write, wanted));
  const missing = late.map(({ key, endMs }): Finding => ({
    kind: 'missing',
    target: followed.target,
    key,
    version: null,
    atMs: endMs,
    evidence: [],
  }));
  return { missing: [...passed, ...missing], open: left.length - late.length, slowestMs };
}

/** Changes that others were told of and that this client was not, although it was told of older and of newer ones. */
function passedOver({ target, told, spans }: Followed, changes: ReadonlyMap<string, WatchEvent>): Finding[] {
  const findings: Finding[] = [];
  for (const [change, event] of changes) {
    if (told.has(change)) continue;
    const { key = null, version = '', atMs } = event;
    const covered = spans.some(
      ({ afterVersion, upToVersion }) =>
        compareVersions(version, afterVersion) > 0 && compareVersions(version, upToVersion) <= 0,
    );
    if (covered) findings.push({ kind: 'missing', target, key, version, atMs, evidence: [event] });
  }
  return findings;
}

function acknowledgements(
  { known }: Followed,
  writes: readonly OpEvent[],
): { readonly unseen: readonly OpEvent[]; readonly slowestMs: number | null } {
  const unseen: OpEvent[] = [];
  let slowestMs: number | null = null;
  for (const write of writes) {
    const first = known.get(write.key);
    if (first === undefined) unseen.push(write);
    // When a list was made says nothing of how long news take.
    else if (first.type !== 'listed') slowestMs = Math.max(slowestMs ?? 0, first.atMs - write.endMs);
  }
  return { unseen, slowestMs };
}

function hadTime({ openedMs, endedMs }: Followed, { endMs }: OpEvent, { withinMs, goneMs }: Wanted): boolean {
  if (endedMs === null || openedMs === null) return false;
  return endedMs - Math.max(endMs, openedMs, goneMs) >= withinMs;
}

/** Every change that some client was told of. */
export function changesOf(all: readonly Followed[]): ReadonlyMap<string, WatchEvent> {
  const changes = new Map<string, WatchEvent>();
  for (const { told } of all)
    for (const event of told.values()) if (!changes.has(changeOf(event))) changes.set(changeOf(event), event);
  return changes;
}
