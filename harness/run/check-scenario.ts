import { alertsPath } from '../model/alert.ts';
import { formatMs, toMs } from '../model/duration.ts';
import { HarnessError } from '../model/errors.ts';
import type { Scenario } from '../model/scenario.ts';
import { named, type Catalogue } from './catalogue.ts';

/** Below this rate the samples of a path would lie further than 50 ms apart. */
const leastRate = 20;

/**
 * Checks a scenario before anything is touched.
 * @throws HarnessError `bad-input` | `unknown-name` naming the scenario and the field
 */
export function checkScenario(scenario: Scenario, catalogue: Catalogue): void {
  const field = (name: string): string => `scenario ${scenario.name}, field ${name}`;
  if (!Number.isSafeInteger(scenario.seed) || scenario.seed < 0) {
    throw new HarnessError(
      'bad-input',
      `${field('seed')}: expected a whole number from 0, found ${String(scenario.seed)}`,
    );
  }
  if (!(scenario.load.rate >= leastRate)) {
    throw new HarnessError(
      'bad-input',
      `${field('load.rate')}: expected at least ${String(leastRate)} requests/s on each path, so that samples lie no further than 50 ms apart, found ${String(scenario.load.rate)}`,
    );
  }
  toMs(scenario.load.timeout, field('load.timeout'));
  toMs(scenario.recoverWithin, field('recoverWithin'));
  if (scenario.alerts !== undefined) alertsPath(scenario.alerts, field('alerts.service'));
  for (const { workload } of scenario.workloads) named('workload', workload, catalogue.workloads);
  scenario.faults.forEach((step, index) => {
    const at = (name: string): string => field(`faults[${String(index)}].${name}`);
    const fault = named('fault', step.fault, catalogue.faults);
    fault.params(step.params);
    toMs(step.from, at('from'));
    if (step.following === true && index === 0)
      throw new HarnessError('bad-input', `${at('following')}: expected a step before this one, found none`);
    const holdMs = toMs(step.hold, at('hold'));
    if (holdMs < fault.minimumHoldMs) {
      throw new HarnessError(
        'bad-input',
        `${at('hold')}: expected at least ${formatMs(fault.minimumHoldMs)}, below which ${fault.name} cannot be felt, found ${step.hold}`,
      );
    }
  });
  for (const { guarantee, params } of scenario.guarantees)
    named('guarantee', guarantee, catalogue.guarantees).params(params);
}
