import { HarnessError } from './errors.ts';
import type { Json } from './json.ts';
import { asObject, labels } from './object-fields.ts';

/** Where the alerts are asked for: a Prometheus in the cluster, to which the API server passes the questions on. */
export interface AlertSource {
  /** `NAMESPACE/SERVICE:PORT`, the port by its number or its name: `monitoring/prometheus:9090`. */
  readonly service: string;
}

/** The `value` of a StateEvent of the kind `Alert`: one that fires, as Prometheus lists it; its labels are its identity. */
export interface AlertState {
  readonly labels: Readonly<Record<string, string>>;
  /** When its condition came true, by the clock of Prometheus, in milliseconds since the run's start; null when it does not say. */
  readonly activeMs: number | null;
  /** The last look before this event, in milliseconds since the run's start: it changed after that. Null for the first look. */
  readonly lastLookMs: number | null;
}

/** The probe that looks at the alerts: it names its source in a sample, and its blind times in gaps. */
export const alertProbe = 'recorder/Alert';

const label = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const shape = new RegExp(`^(${label})/(${label}):(${label})$`);

/**
 * The path by which an API server passes a question about alerts on to Prometheus.
 * @param field what names the service, for the error
 * @throws HarnessError `bad-input` naming the field
 */
export function alertsPath({ service }: AlertSource, field: string): string {
  const [, namespace, name, port] = shape.exec(service) ?? [];
  if (namespace === undefined || name === undefined || port === undefined)
    throw new HarnessError(
      'bad-input',
      `${field}: expected NAMESPACE/SERVICE:PORT of a Prometheus, such as monitoring/prometheus:9090, found '${service}'`,
    );
  return `/api/v1/namespaces/${namespace}/services/${name}:${port}/proxy/api/v1/alerts`;
}

/** An alert by its labels, as Prometheus writes a series: `TargetDown{job="pods",pod="web-1"}`. */
export function alertTitle({ alertname = 'an alert without a name', ...rest }: AlertState['labels']): string {
  const pairs = Object.entries(rest)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? alertname : `${alertname}{${pairs.join(',')}}`;
}

/** @throws HarnessError `history` when the value is no object */
export function readAlert(value: Json): AlertState {
  const alert = asObject(value, 'Alert');
  const { activeMs, lastLookMs } = alert;
  return {
    labels: labels(alert['labels']),
    activeMs: typeof activeMs === 'number' ? activeMs : null,
    lastLookMs: typeof lastLookMs === 'number' ? lastLookMs : null,
  };
}
