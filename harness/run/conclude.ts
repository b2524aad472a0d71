import type { JudgedGuarantee, RunReport } from '../model/report.ts';
import { worst, type Outcome } from '../model/verdict.ts';

/** What the outcome of a run depends on. */
export interface Grounds {
  readonly guarantees: readonly JudgedGuarantee[];
  readonly faults: RunReport['faults'];
  /** How many injections the scenario asked for. */
  readonly wanted: number;
  readonly fingerprint: RunReport['fingerprint'];
  readonly left: readonly string[];
  /** What stopped the run before its end, and what that makes of it; null for a run that went through. */
  readonly stopped: null | { readonly outcome: Outcome; readonly because: string };
}

type Ground = readonly [Outcome, string];

/** The outcome and its reason: the worst ground wins, and a run with nothing to judge proved nothing. */
export function conclude(grounds: Grounds): { readonly outcome: Outcome; readonly because: string } {
  if (grounds.stopped?.outcome === 'skipped') return grounds.stopped;
  const all: readonly Ground[] = [
    ...grounds.left.map((left): Ground => ['harness-error', left]),
    ...grounds.fingerprint.differences.map((difference): Ground => ['harness-error', `left behind: ${difference}`]),
    ...(grounds.stopped ? [[grounds.stopped.outcome, grounds.stopped.because] as const] : []),
    ...grounds.faults
      .filter((fault) => !fault.active.proved)
      .map((fault): Ground => ['unknown', `${fault.step} was not felt: ${fault.active.evidence}`]),
    ...(grounds.faults.length < grounds.wanted && !grounds.stopped
      ? [
          [
            'unknown',
            `only ${String(grounds.faults.length)} of ${String(grounds.wanted)} faults were injected`,
          ] as const,
        ]
      : []),
    ...verdicts(grounds.guarantees),
    ...(grounds.guarantees.length === 0 ? [['unknown', 'nothing was promised, so nothing was proved'] as const] : []),
  ];
  const outcome = worst(all.map(([status]) => status));
  if (outcome === 'held')
    return { outcome, because: 'every fault was felt and healed, and every promise was measured and held' };
  const reasons = new Set(all.filter(([status]) => status === outcome).map(([, because]) => because));
  return { outcome, because: [...reasons].join('; ') };
}

/** A ground for each status: the one promise that has it says why itself, several are named. */
function verdicts(guarantees: readonly JudgedGuarantee[]): readonly Ground[] {
  return (['held', 'violated', 'unknown'] as const).flatMap((status): readonly Ground[] => {
    const alike = guarantees.filter(({ verdict }) => verdict.status === status);
    const [only, ...more] = alike;
    if (only === undefined) return [];
    if (more.length === 0) return [[status, sentence(only)]];
    const names = alike.map(({ spec }) => spec.guarantee).join(', ');
    const are = status === 'unknown' ? 'cannot be known' : `are ${status}`;
    return [[status, `${String(alike.length)} of ${String(guarantees.length)} promises ${are}: ${names}`]];
  });
}

function sentence({ promise, verdict }: JudgedGuarantee): string {
  return verdict.status === 'held' ? `${promise}: ${verdict.measured}` : verdict.because;
}
