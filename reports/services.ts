import { formatMs, toMs } from '../harness/model/duration.ts';
import type { JudgedGuarantee, RunReport } from '../harness/model/report.ts';
import type { ServiceTarget } from '../harness/model/service.ts';
import { type Outcome, worst } from '../harness/model/verdict.ts';
import { incidentOf, type Incident } from './incident.ts';
import { formatInterval, outcomes } from './wording.ts';

/** What each service of a business impact analysis was promised and got. */
export interface ServiceTable {
  readonly headings: readonly string[];
  readonly rows: readonly { readonly outcome: Outcome; readonly cells: readonly string[] }[];
}

const headings = [
  'service',
  'tier',
  'verdict',
  'RTO',
  'detected',
  'decided',
  'recovered',
  'verified',
  'needs',
  'RPO',
  'available',
  'failed requests',
  'error budget spent',
];
const nothing = '–';
/** 30 days, as most agreements count. */
const usualPeriod = '720h';

/** The table of the services; null for a run without a business impact analysis. */
export function serviceTable({ scenario, guarantees }: RunReport): ServiceTable | null {
  if (scenario.services === undefined) return null;
  const rows = scenario.services.map((service) => {
    const own = guarantees.filter(({ spec }) => spec.service === service.name);
    const outcome = worst(own.map(({ verdict }) => verdict.status));
    return { outcome, cells: cellsOf(service, own, outcome, needsOf(service, guarantees)) };
  });
  return { headings, rows };
}

function cellsOf(
  service: ServiceTarget,
  own: readonly JudgedGuarantee[],
  outcome: Outcome,
  needs: string,
): readonly string[] {
  const judged = (kind: string): JudgedGuarantee | undefined => own.find(({ spec }) => spec.guarantee === kind);
  const incident = incidentOf(judged('rto')?.verdict.details);
  const time = (ms: number | null | undefined): string => (ms === null || ms === undefined ? nothing : formatMs(ms));
  const { mark, word } = outcomes[outcome];
  return [
    service.name,
    String(service.tier),
    `${mark} ${word}`,
    beside(service.rto, judged('rto')),
    time(incident?.detectionMs),
    time(incident?.decisionMs),
    time(incident?.recoveryMs),
    time(incident?.verificationMs),
    needs,
    beside(service.rpo, judged('rpo')),
    incident === null ? nothing : availability(service, incident),
    beside(service.errors, judged('error-budget')),
    incident === null ? nothing : spent(service, incident),
  ];
}

/** When what a service needs was good again for good, set against the service itself: the order of the recovery. */
function needsOf({ name, needs }: ServiceTarget, guarantees: readonly JudgedGuarantee[]): string {
  if (needs === undefined) return nothing;
  const incident = (of: string): Incident | null =>
    incidentOf(guarantees.find(({ spec }) => spec.service === of && spec.guarantee === 'rto')?.verdict.details);
  const own = incident(name);
  return needs.map((needed) => `${needed} ${comparedWith(incident(needed), own)}`).join('; ');
}

function comparedWith(needed: Incident | null, own: Incident | null): string {
  if (needed === null) return 'not measured';
  if (needed.failedMs === null) return 'never out';
  if (needed.goodMs === null) return 'not back';
  if (own?.goodMs == null) return 'back';
  const earlierMs = own.goodMs - needed.goodMs;
  if (earlierMs === 0) return 'back at the same time';
  return `back ${formatMs(Math.abs(earlierMs))} ${earlierMs > 0 ? 'earlier' : 'later'}`;
}

/** `15.5–15.7 s of 60s`: the promised figure beside its target. */
function beside(target: string | number | undefined, judged: JudgedGuarantee | undefined): string {
  if (target === undefined) return nothing;
  const figure = judged?.verdict.figures?.[0];
  const measured = figure === undefined ? '?' : formatInterval(figure);
  return `${measured} of ${String(target)}`;
}

/** The share of the requests since the injection that were served; the target is one of the whole period. */
function availability({ availability: target }: ServiceTarget, { servedPercent }: Incident): string {
  const measured = servedPercent === null ? '?' : `${String(servedPercent)} % of the requests`;
  return target === undefined ? measured : `${measured}; target ${target}`;
}

/** What this one incident took of the time that the service may be out in its period. */
function spent({ availability: target, period = usualPeriod }: ServiceTarget, { outMs }: Incident): string {
  if (target === undefined) return nothing;
  const budgetMs = ((100 - parseFloat(target)) / 100) * toMs(period, 'period');
  const percent = (ms: number): number => Math.round((ms / budgetMs) * 10_000) / 100;
  const interval = formatInterval({ unit: 'percent', lower: percent(outMs.lower), upper: percent(outMs.upper) });
  return `${interval} of ${formatMs(budgetMs)} in ${period}`;
}
