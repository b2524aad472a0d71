import { messageOf } from '../../model/errors.ts';
import type { Json } from '../../model/json.ts';
import { asObject, labels, text } from '../../model/object-fields.ts';
import { ApiError } from '../api-error.ts';

/** An alert that fires, as Prometheus tells of it. */
export interface FiringAlert {
  readonly labels: Readonly<Record<string, string>>;
  /** RFC 3339, or null. */
  readonly activeAt: string | null;
}

const mostFound = 200;

/**
 * The firing ones of what `GET /api/v1/alerts` answers (https://prometheus.io/docs/prometheus/latest/querying/api/#alerts);
 * those that are pending may never fire.
 * @param what was asked, for the error
 * @throws ApiError saying what was expected and what was found
 */
export function firingAlerts(answer: string, what: string): readonly FiringAlert[] {
  try {
    const whole = asObject(parse(answer), 'the answer');
    const { status, data } = whole;
    if (status !== 'success') throw new Error(`field status: expected "success", found ${JSON.stringify(status)}`);
    const { alerts } = asObject(data, 'field data');
    if (!Array.isArray(alerts)) throw new Error(`field data.alerts: expected a list, found ${JSON.stringify(alerts)}`);
    return (alerts as readonly Json[]).flatMap((item, index) => {
      const at = `field data.alerts[${String(index)}]`;
      const alert = asObject(item, at);
      text(asObject(alert['labels'], `${at}.labels`), 'alertname', `${at}.labels`);
      if (text(alert, 'state', at) !== 'firing') return [];
      const { activeAt } = alert;
      return [{ labels: labels(alert['labels']), activeAt: typeof activeAt === 'string' ? activeAt : null }];
    });
  } catch (error) {
    const found = messageOf(error).slice(0, mostFound);
    throw new ApiError(what, 0, '', `expected the list of alerts of a Prometheus; ${found}`);
  }
}

function parse(answer: string): Json {
  try {
    return JSON.parse(answer) as Json;
  } catch {
    throw new Error(`expected JSON, found '${answer.trim().slice(0, mostFound / 2)}'`);
  }
}
