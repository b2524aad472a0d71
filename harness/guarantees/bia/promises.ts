import type { GuaranteeSpec } from '../../model/guarantee.ts';
import type { Scenario } from '../../model/scenario.ts';
import type { ServiceTarget } from '../../model/service.ts';
import { errorBudget } from '../error-budget.ts';
import { rpo } from '../rpo.ts';
import { rto } from '../rto.ts';
import { inOrder } from './needs.ts';
import type { Bia } from './schema.ts';

/** The services of an analysis, the most important first, but each after what it needs. */
export function servicesOf({ services }: Bia): readonly ServiceTarget[] {
  const byTier = Object.entries(services)
    .map(([name, service]) => ({ name, ...service }))
    .sort((a, b) => a.tier - b.tier || (a.name < b.name ? -1 : 1));
  return inOrder(byTier);
}

/** The promises that the targets of a service come to. */
export function promisesOf(service: ServiceTarget): readonly GuaranteeSpec[] {
  const { name, paths, writes = '*', rto: under, rpo: loss, errors } = service;
  const specs = [
    ...(under === undefined ? [] : [rto({ under, path: paths })]),
    ...(loss === undefined
      ? []
      : [rpo({ target: writes, ...(typeof loss === 'number' ? { lost: loss } : { lost: 0, within: loss }) })]),
    // Six digits are more than a percentage was ever written with, and 100 - 0.1 is not 99.9 in binary.
    ...(errors === undefined
      ? []
      : [errorBudget({ objective: Number((100 - parseFloat(errors)).toPrecision(6)), path: paths })]),
  ];
  return specs.map((spec) => ({ ...spec, service: name }));
}

/**
 * The scenario with the promises of an analysis. They take the place of the scenario's own of the same kind (`rto`, `rpo`,
 * `error-budget`): what the business needs is the measure. How closely the load is watched for an `rto` stays the scenario's
 * to say. All other promises stay as they are.
 */
export function withServices(scenario: Scenario, services: readonly ServiceTarget[]): Scenario {
  const promised = services.flatMap(promisesOf).map((spec) => measuredAs(spec, scenario));
  const kinds = new Set(promised.map(({ guarantee }) => guarantee));
  const kept = scenario.guarantees.filter(({ guarantee }) => !kinds.has(guarantee));
  return { ...scenario, services, guarantees: [...promised, ...kept] };
}

function measuredAs(spec: GuaranteeSpec, { guarantees }: Scenario): GuaranteeSpec {
  if (spec.guarantee !== 'rto') return spec;
  const spacing = guarantees.find(({ guarantee, params }) => guarantee === 'rto' && params['spacing'] !== undefined)
    ?.params['spacing'];
  return spacing === undefined ? spec : { ...spec, params: { ...spec.params, spacing } };
}
