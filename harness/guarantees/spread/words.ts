import type { Skew } from './skew.ts';

/** `a 2, b 2, c 1; 5 of 6 placed`. */
export function formatDomains({ domains, placed, wanted }: Skew): string {
  const counts = Object.entries(domains).map(([domain, pods]) => `${domain} ${String(pods)}`);
  const missing = placed < wanted ? `; ${String(placed)} of ${String(wanted)} placed` : '';
  return `${counts.join(', ') || 'no domain'}${missing}`;
}
