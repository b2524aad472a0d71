import type { KubeObject } from '../object.ts';

interface RawEvent extends KubeObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly series?: { readonly count?: number };
  readonly involvedObject?: { readonly kind?: string; readonly name?: string; readonly namespace?: string };
  readonly source?: { readonly component?: string };
  readonly reportingComponent?: string;
}

/** What a component said about an object, as `kubectl get events` shows it. */
export interface EventState {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly aboutKind: string;
  readonly aboutName: string;
  readonly component: string;
}

export function reduceEvent(object: KubeObject): EventState {
  const event = object as RawEvent;
  return {
    type: event.type ?? '',
    reason: event.reason ?? '',
    message: event.message ?? '',
    count: event.series?.count ?? event.count ?? 1,
    aboutKind: event.involvedObject?.kind ?? '',
    aboutName: event.involvedObject?.name ?? '',
    component: event.source?.component ?? event.reportingComponent ?? '',
  };
}
