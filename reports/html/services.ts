import type { RunReport } from '../../harness/model/report.ts';
import { serviceTable } from '../services.ts';
import { type Markup, markup } from './markup.ts';

/** What a business impact analysis demands of each service, and what the run gave it. */
export function services(report: RunReport): Markup | string {
  const table = serviceTable(report);
  if (table === null) return '';
  const heads = table.headings.map((heading) => markup`<th>${heading}</th>`);
  const body = table.rows.map(({ cells }) => markup`<tr>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`);
  return markup`<section id="services"><h2>Services</h2><div class="scroll" tabindex="0"><table><caption>What the business needs of each service, and what it got</caption><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div>
<p class="note">Detected: from the first failure until the cluster noticed. Decided: until it withdrew an endpoint or placed a pod. Recovered: until the service was good for good. Verified: until nothing failed any more and every endpoint was back. Needs: when what it cannot do without was good for good, set against itself. – did not happen, or only after the recovery.</p></section>`;
}
