import { z } from 'zod';

import type { Attempt, Call } from './attempt.ts';
import type { Target, Watched } from './job.ts';
import { recordLabel, storesOf } from './stores.ts';
import { configMapsUrl } from './wire.ts';

interface Where {
  readonly target: Target;
  readonly namespace: string;
}

/** Objects and the version of the collection that holds them. */
export interface Listing {
  readonly version: string;
  readonly items: readonly { readonly key: string; readonly version: string }[];
  /** What the next page is asked for with; undefined after the last. */
  readonly after: string | undefined;
}

const metadata = z.object({ name: z.string(), resourceVersion: z.string() });
const listShape = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(z.object({ metadata })).nullable(),
});

/** A page of the list that a watch starts from: consistent, as no version is asked for. */
export const listPage = ({ target, namespace }: Where, after: string | undefined): Call =>
  storesOf({ namespace }).api.readPage(target, after);

/** @returns the page, or why there is none */
export function listingOf({ status, body, error }: Attempt): Listing | { readonly failed: string } {
  if (error !== null) return { failed: error };
  if (status !== 200) return { failed: `http-${String(status)} ${body}` };
  const found = listShape.safeParse(parse(body));
  if (!found.success) return { failed: `not a list: ${body}` };
  const { metadata: own, items } = found.data;
  return {
    version: own.resourceVersion,
    items: (items ?? []).map((item) => ({ key: item.metadata.name, version: item.metadata.resourceVersion })),
    after: own.continue || undefined,
  };
}

/** A watch of the records that goes on after a version: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes */
export function watchUrl({ target, namespace }: Where, version: string): string {
  const query = new URLSearchParams({
    watch: '1',
    labelSelector: recordLabel,
    resourceVersion: version,
    allowWatchBookmarks: 'true',
  });
  return `${configMapsUrl(target, { namespace })}?${query.toString()}`;
}

const types = { ADDED: 'added', MODIFIED: 'modified', DELETED: 'deleted' } as const;
const lineShape = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['ADDED', 'MODIFIED', 'DELETED']), object: z.object({ metadata }) }),
  // A bookmark has a version and no name.
  z.object({
    type: z.literal('BOOKMARK'),
    object: z.object({ metadata: z.object({ resourceVersion: z.string() }) }),
  }),
  z.object({
    type: z.literal('ERROR'),
    object: z.object({ code: z.number().default(0), message: z.string().default('no message') }),
  }),
]);

export type Told =
  | { readonly type: Watched['type']; readonly version: string; readonly key?: string }
  /** The server's last word: it ends the stream. */
  | { readonly refused: string; readonly code: number };

/** What one line of a watch says. */
export function toldOf(text: string): Told {
  const found = lineShape.safeParse(parse(text));
  if (!found.success) return { refused: `not an event of a watch: ${text.slice(0, 200)}`, code: 0 };
  const event = found.data;
  switch (event.type) {
    case 'ERROR':
      return { refused: `${String(event.object.code)} ${event.object.message}`, code: event.object.code };
    case 'BOOKMARK':
      return { type: 'bookmark', version: event.object.metadata.resourceVersion };
    default: {
      const { name, resourceVersion } = event.object.metadata;
      return { type: types[event.type], key: name, version: resourceVersion };
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
