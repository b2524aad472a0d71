import type { GapEvent, StateEvent } from '../../model/history.ts';
import { asObject, optionalText } from '../../model/object-fields.ts';
import { recorderGaps } from '../gaps.ts';
import type { HistoryIndex } from '../history-index.ts';
import { recordingEnd } from '../recording-end.ts';
import { count } from '../sentence.ts';

/**
 * Why the restarts in a blind time of the watch of pods are not known after it; null when they are. The list that ends it has the
 * kubelets' counts of every pod that is still there. Who went meanwhile took his with him; of one that came and went, the events of
 * the API tell, which outlive their pod by an hour.
 */
export function unseenIn(gap: GapEvent, index: HistoryIndex): string | null {
  const endMs = recordingEnd(index);
  if (gap.endMs >= endMs) return 'it saw nothing again';
  const pods = index.states.filter(({ object }) => object === 'Pod');
  const gone = pods.filter(({ change, atMs }) => change === 'deleted' && atMs >= gap.startMs && atMs <= gap.endMs);
  const [first] = gone;
  if (first !== undefined)
    return `${count(gone.length, 'pod')} went meanwhile with counts that nobody saw, the first ${first.namespace}/${first.name}`;
  const about = index.states.filter(({ object }) => object === 'Event').flatMap(podOf);
  const blind = recorderGaps(index, ['Event'], gap.startMs, Infinity).some((other) => other.endMs >= endMs);
  if (about.length === 0 || blind)
    return 'no events were recorded, which would tell of a pod that came and went meanwhile';
  const known = new Set(pods.map(({ namespace, name }) => `${namespace}/${name}`));
  const stranger = about.find(({ pod, atMs }) => atMs >= gap.startMs && !known.has(pod));
  return stranger === undefined ? null : `an event tells of ${stranger.pod}, a pod that nobody saw`;
}

/** The pod that an event is about, as `namespace/name`. */
function podOf({ namespace, value, atMs }: StateEvent): { readonly pod: string; readonly atMs: number }[] {
  const event = asObject(value, 'Event');
  if (optionalText(event, 'aboutKind') !== 'Pod') return [];
  return [{ pod: `${namespace}/${optionalText(event, 'aboutName') ?? ''}`, atMs }];
}
