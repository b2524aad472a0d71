import { z } from 'zod';

import type { Duration } from '../../model/duration.ts';
import { contradictions } from './needs.ts';

const isDuration = (value: unknown): value is Duration =>
  typeof value === 'string' && /^\d+(\.\d+)?(ms|s|m|h)$/.test(value) && parseFloat(value) > 0;
const isShare = (value: unknown): value is string => {
  const [, digits] = (typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s?%$/.exec(value) : null) ?? [];
  return Number(digits) > 0 && Number(digits) < 100;
};

const found = ({ input }: { readonly input?: unknown }): string =>
  input === undefined ? 'nothing' : JSON.stringify(input);
const duration = z.custom<Duration>(isDuration, {
  error: (issue) => `expected a duration above zero such as 250ms, 15s, 5m or 4h, found ${found(issue)}`,
});
const share = z.custom<string>(isShare, {
  error: (issue) => `expected a percentage above 0% and below 100%, such as 99.9%, found ${found(issue)}`,
});
const lost = z.custom<number | Duration>(
  (value) => isDuration(value) || (typeof value === 'number' && Number.isInteger(value) && value >= 0),
  {
    error: (issue) =>
      `expected how many acknowledged writes may be lost, from 0, or how old a lost one may be, such as 5m, found ${found(issue)}`,
  },
);

/** One service of a business impact analysis. docs/guarantees/bia.md says what the fields mean. */
export const serviceSchema = z.strictObject({
  tier: z.int().min(1).default(1),
  needs: z.array(z.string().min(1)).min(1).exactOptional(),
  paths: z.string().min(1).default('service'),
  writes: z.string().min(1).exactOptional(),
  rto: duration.exactOptional(),
  rpo: lost.exactOptional(),
  errors: share.exactOptional(),
  availability: share.exactOptional(),
  period: duration.exactOptional(),
});

type Service = z.infer<typeof serviceSchema>;

/** Why a service as it was written promises nothing, with the field that is missing; null when it is whole. */
function gapOf(service: Service): readonly [field: string, sentence: string] | null {
  const { rto, rpo, writes, errors, availability, period } = service;
  if (rto === undefined && rpo === undefined && errors === undefined)
    return ['rto', 'expected an RTO, an RPO or the errors that may be, found none of them'];
  if (rpo !== undefined && writes === undefined)
    return [
      'writes',
      'expected the targets through which its data is written, such as api-*, because it has an RPO; found nothing',
    ];
  if (rpo === undefined && writes !== undefined)
    return ['rpo', 'expected an RPO, because it says who writes; found nothing'];
  if (availability !== undefined && rto === undefined)
    return [
      'rto',
      'expected an RTO, because the outages that it measures are what availability is made of; found nothing',
    ];
  if (period !== undefined && availability === undefined)
    return ['availability', 'expected the share of the period in which it must serve, found nothing'];
  return null;
}

/** A business impact analysis: its services by their names. A field that nobody knows is an error. */
export const biaSchema = z.strictObject({
  services: z
    .record(z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected a kebab-case name'), serviceSchema)
    .superRefine((services, context) => {
      if (Object.keys(services).length === 0)
        context.addIssue({ code: 'custom', message: 'expected at least one service, found none' });
      for (const [name, service] of Object.entries(services)) {
        const gap = gapOf(service);
        if (gap !== null) context.addIssue({ code: 'custom', path: [name, gap[0]], message: gap[1] });
      }
      for (const { name, message } of contradictions(services))
        context.addIssue({ code: 'custom', path: [name, 'needs'], message });
    }),
});

export type Bia = z.infer<typeof biaSchema>;
