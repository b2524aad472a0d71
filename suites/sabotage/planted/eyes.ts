import { guarantees } from '../../../harness/guarantees/index.ts';
import { HarnessError } from '../../../harness/model/errors.ts';
import type { GuaranteeSpec } from '../../../harness/model/guarantee.ts';

/** What a judge sees with: the load and the writer of records, or the watches of the recorder. */
export type Eye = 'clients' | 'recorder';

/** The simplest valid promise of each kind, and the eyes without any one of which it cannot be judged. */
const eyes: Readonly<Record<string, { readonly params: GuaranteeSpec['params']; readonly eyes: readonly Eye[] }>> = {
  rto: { params: { under: '60s' }, eyes: ['clients'] },
  'api-rto': { params: { under: '60s' }, eyes: ['clients'] },
  rpo: { params: { lost: 0 }, eyes: ['clients'] },
  linearizable: { params: {}, eyes: ['clients'] },
  'pdb-honoured': { params: {}, eyes: ['recorder'] },
  'topology-spread': { params: { within: '60s' }, eyes: ['recorder'] },
  'error-budget': { params: { objective: 50 }, eyes: ['clients'] },
  'latency-under': { params: { under: '10s' }, eyes: ['clients'] },
  'zero-failures': { params: {}, eyes: ['clients'] },
  'blast-radius': { params: { errors: '50%', outside: 'zone-a' }, eyes: ['clients'] },
  'capacity-rto': { params: { under: '60s' }, eyes: ['clients', 'recorder'] },
  'endpoints-converge': { params: { under: '60s' }, eyes: ['recorder'] },
  'leader-handover': { params: { under: '60s' }, eyes: ['recorder'] },
  'no-duplicate-ordinal': { params: {}, eyes: ['recorder'] },
  'no-restart-storm': { params: { restarts: 3 }, eyes: ['recorder'] },
  'clean-return': { params: {}, eyes: ['recorder'] },
  'set-complete': { params: {}, eyes: ['clients'] },
  'api-priority': { params: {}, eyes: ['recorder'] },
  'watch-order': { params: {}, eyes: ['clients'] },
  'append-order': { params: {}, eyes: ['clients'] },
};

/**
 * One promise of every kind in the catalogue that is judged with this eye.
 * @throws HarnessError `bad-input` when the catalogue has a promise that is not in the table above
 */
export function promisesSeenBy(eye: Eye): readonly GuaranteeSpec[] {
  const forgotten = guarantees.map(({ name }) => name).filter((name) => eyes[name] === undefined);
  if (forgotten.length > 0)
    throw new HarnessError(
      'bad-input',
      `suites/sabotage/planted/eyes.ts: expected what ${forgotten.join(' and ')} is judged with, so that it can be blinded, found nothing`,
    );
  return guarantees.flatMap(({ name }) => {
    const entry = eyes[name];
    return entry?.eyes.includes(eye) === true ? [{ guarantee: name, params: entry.params }] : [];
  });
}
