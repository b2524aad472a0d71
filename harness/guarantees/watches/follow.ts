import type { WatchEvent } from '../../model/history.ts';
import { compareVersions, isVersion, newer } from './versions.ts';

/** Something that a watch must not tell, or did not. */
export interface Finding {
  readonly kind: 'missing' | 'repeated' | 'back';
  readonly target: string;
  readonly key: string | null;
  readonly version: string | null;
  /** When it was told, or would have been. */
  readonly atMs: number;
  readonly evidence: readonly WatchEvent[];
}

/** Versions that a client was told of one by one: after the first, up to the second. */
interface Span {
  readonly afterVersion: string;
  upToVersion: string;
}

/** What one client was told, from its first list to the end. */
export interface Followed {
  readonly target: string;
  /** Changes of objects, by `key@version`; each as it was told first. */
  readonly told: ReadonlyMap<string, WatchEvent>;
  /** When each key was told of first, by an event or by a list. */
  readonly known: ReadonlyMap<string, WatchEvent>;
  readonly spans: readonly Span[];
  readonly findings: readonly Finding[];
  /** Connections that broke, and how often the server said 410 Gone. */
  readonly disconnects: number;
  readonly expired: readonly WatchEvent[];
  /** The last time that it was connected anew; null when it never was. */
  readonly openedMs: number | null;
  /** When the watching ended, while it was connected; null when it was not. */
  readonly endedMs: number | null;
  /** What cannot be compared, if anything: then nothing is known of the order. */
  readonly odd: WatchEvent | null;
}

export const changeOf = ({ key = '', version = '' }: WatchEvent): string => `${key}@${version}`;

/** Goes through what one client was told. @param events of one target, as the client got them */
export function follow(target: string, events: readonly WatchEvent[]): Followed {
  const walk = new Walk(target);
  for (const event of events) walk.take(event);
  return walk.done();
}

class Walk {
  readonly #target: string;
  readonly #told = new Map<string, WatchEvent>();
  readonly #known = new Map<string, WatchEvent>();
  readonly #spans: Span[] = [];
  readonly #findings: Finding[] = [];
  readonly #expired: WatchEvent[] = [];
  #cursor: WatchEvent | null = null;
  #disconnects = 0;
  #openedMs: number | null = null;
  #endedMs: number | null = null;
  #odd: WatchEvent | null = null;

  constructor(target: string) {
    this.#target = target;
  }

  take(event: WatchEvent): void {
    const { version, type } = event;
    if (version !== undefined && !isVersion(version)) this.#odd ??= event;
    if (this.#odd !== null) return;
    switch (type) {
      case 'list':
        if (this.#isBehind(event, 0)) this.#find('back', event);
        this.#cursor = event;
        this.#spans.push({ afterVersion: version ?? '', upToVersion: version ?? '' });
        break;
      case 'listed':
        this.#know(event);
        break;
      case 'opened':
        // The client's own word: what it resumes from is what it was told last.
        this.#cursor = event;
        this.#openedMs = event.atMs;
        break;
      case 'added':
      case 'modified':
      case 'deleted':
        this.#change(event);
        break;
      case 'bookmark':
        if (this.#isBehind(event, 0)) this.#find('back', event);
        else this.#advance(event);
        break;
      case 'expired':
        this.#expired.push(event);
        break;
      case 'closed':
        this.#disconnects += 1;
        break;
      case 'ended':
        this.#endedMs = event.atMs;
        break;
    }
  }

  #change(event: WatchEvent): void {
    const change = changeOf(event);
    if (this.#isBehind(event, 1)) this.#find(this.#told.has(change) ? 'repeated' : 'back', event);
    else this.#advance(event);
    if (!this.#told.has(change)) this.#told.set(change, event);
    this.#know(event);
  }

  #know(event: WatchEvent): void {
    if (event.key !== undefined && !this.#known.has(event.key)) this.#known.set(event.key, event);
  }

  /** Whether it is less than `ahead` newer than what was told before. */
  #isBehind({ version = '' }: WatchEvent, ahead: 0 | 1): boolean {
    return this.#cursor !== null && compareVersions(version, this.#cursor.version ?? '') < ahead;
  }

  #advance(event: WatchEvent): void {
    this.#cursor = event;
    const span = this.#spans.at(-1);
    if (span !== undefined) span.upToVersion = newer(span.upToVersion, event.version ?? '');
  }

  #find(kind: Finding['kind'], event: WatchEvent): void {
    const { key = null, version = null, atMs } = event;
    const before = this.#cursor === null ? [] : [this.#cursor];
    this.#findings.push({ kind, target: this.#target, key, version, atMs, evidence: [...before, event] });
  }

  done(): Followed {
    return {
      target: this.#target,
      told: this.#told,
      known: this.#known,
      spans: this.#spans,
      findings: this.#findings,
      disconnects: this.#disconnects,
      expired: this.#expired,
      openedMs: this.#openedMs,
      endedMs: this.#endedMs,
      odd: this.#odd,
    };
  }
}
