/** A label selector as the API writes it; an empty one matches everything, an absent one (null) nothing. */
export interface Selector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

/**
 * Whether labels match a selector, by the rules of metav1.LabelSelector; Gt and Lt are those of node affinity.
 * An unknown operator matches nothing, as the API server would refuse it.
 */
export function matches(selector: Selector | null, labels: Readonly<Record<string, string>>): boolean {
  if (selector === null) return false;
  for (const key in selector.matchLabels) if (labels[key] !== selector.matchLabels[key]) return false;
  return selector.matchExpressions.every(({ key, operator, values }) => {
    const label = labels[key];
    switch (operator) {
      case 'In':
        return label !== undefined && values.includes(label);
      case 'NotIn':
        return label === undefined || !values.includes(label);
      case 'Exists':
        return label !== undefined;
      case 'DoesNotExist':
        return label === undefined;
      case 'Gt':
        return label !== undefined && Number(label) > Number(values[0]);
      case 'Lt':
        return label !== undefined && Number(label) < Number(values[0]);
      default:
        return false;
    }
  });
}

/** The selector as kubectl prints it: `app=web,tier in (a,b)`; `everything` when it is empty. */
export function formatSelector(selector: Selector | null): string {
  if (selector === null) return 'nothing';
  const labels = Object.entries(selector.matchLabels).map(([key, value]) => `${key}=${value}`);
  const expressions = selector.matchExpressions.map(({ key, operator, values }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator.toLowerCase()} (${values.join(',')})`;
  });
  return [...labels, ...expressions].join(',') || 'everything';
}
