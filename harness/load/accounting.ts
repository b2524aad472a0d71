/** A request that was due and of which there is no answer. `atMs` is when it was to be sent. */
export interface Missing {
  readonly seq: number;
  readonly atMs: number;
  readonly error: 'dropped' | 'unanswered';
}

export interface Sent {
  readonly seq: number;
  readonly startMs: number;
}

export interface Schedule {
  /** When the request in slot 0 was due; the one in slot n is due n periods later. */
  readonly firstMs: number;
  readonly periodMs: number;
  /** No slot after this time is accounted for. */
  readonly untilMs: number;
  /** Why a request after the last answered one is missing: the load generator died or did not send it. */
  readonly tail: Missing['error'];
}

/** How many requests were due by then. */
export function dueBy({ firstMs, periodMs, untilMs }: Omit<Schedule, 'tail'>): number {
  return Math.max(0, Math.floor((untilMs - firstMs) / periodMs) + 1);
}

/**
 * Accounts for every slot of the schedule. k6 numbers only what it sends: a request that it could not send (no free
 * virtual user) leaves no hole in the numbers, but those after it start one slot later than their number says. A request
 * never starts before its slot, and is soon on time again after being late, so the least lag of all later requests is
 * the number of those dropped before it.
 * @returns which of the sent ones belong to slots within the schedule, and one entry for each slot without an answer;
 * their numbers together are 0 to the number of slots - 1, each once: the dropped ones take those after the last sent one
 */
export function accountFor(
  schedule: Schedule,
  sent: readonly Sent[],
): { readonly within: ReadonlySet<number>; readonly missing: readonly Missing[] } {
  const { firstMs, periodMs } = schedule;
  const slots = dueBy(schedule);
  const bySeq = sent.toSorted((a, b) => a.seq - b.seq);
  const lags = lagsOf(schedule, bySeq);
  const at = (slot: number): number => firstMs + slot * periodMs;
  const within = new Set<number>();
  const unanswered: Missing[] = [];
  const droppedSlots: number[] = [];
  let nextSeq = 0;
  let nextSlot = 0;
  bySeq.forEach(({ seq }, index) => {
    const slot = seq + (lags[index] ?? 0);
    const holes = Math.max(0, seq - nextSeq);
    // Between two answered requests the numbers say which were sent, and the slots how many were due: the rest was dropped.
    const skipped = slot - nextSlot - holes;
    for (let drop = 0; drop < skipped; drop += 1) droppedSlots.push(nextSlot + drop);
    for (let hole = 0; hole < holes; hole += 1) {
      const missed = nextSlot + skipped + hole;
      if (missed < slots) unanswered.push({ seq: nextSeq + hole, atMs: at(missed), error: 'unanswered' });
    }
    if (slot < slots) within.add(seq);
    nextSeq = seq + 1;
    nextSlot = slot + 1;
  });
  for (let slot = nextSlot; slot < slots; slot += 1) {
    if (schedule.tail === 'dropped') droppedSlots.push(slot);
    else unanswered.push({ seq: nextSeq + slot - nextSlot, atMs: at(slot), error: 'unanswered' });
  }
  const numbered = within.size + unanswered.length;
  const dropped = droppedSlots
    .filter((slot) => slot < slots)
    .map((slot, index): Missing => ({ seq: numbered + index, atMs: at(slot), error: 'dropped' }));
  return { within, missing: [...unanswered, ...dropped] };
}

/** For each request, how many slots it lies behind its number for good. Never falls from one to the next. */
function lagsOf({ firstMs, periodMs }: Schedule, bySeq: readonly Sent[]): readonly number[] {
  const lags: number[] = [];
  let least = Infinity;
  for (const { seq, startMs } of bySeq.toReversed()) {
    // Times are joined from two clocks and may be a millisecond early.
    const slot = Math.floor((startMs - firstMs + 1) / periodMs);
    least = Math.min(least, Math.max(0, slot - seq));
    lags.push(least);
  }
  return lags.reverse();
}
