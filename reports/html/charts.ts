import { dataScript, type Markup, markup } from './markup.ts';
import type { Bucket, Load, Series } from './series.ts';
import type { FaultWindow } from './time-axis.ts';

/** Three significant digits are finer than a pixel. */
function short(ms: number): number | null {
  return ms < 0 ? null : Number(ms.toPrecision(3));
}

function columns(series: Series): { readonly [name: string]: string | readonly (number | null)[] } {
  const each = (pick: (bucket: Bucket) => number | null): (number | null)[] => series.buckets.map(pick);
  return {
    mode: series.mode,
    ok: each(({ ok }) => ok),
    failed: each(({ failed }) => failed),
    mean: each(({ ok, sumMs }) => (ok === 0 ? null : short(sumMs / ok))),
    max: each(({ maxMs }) => short(maxMs)),
  };
}

/** What the page's script draws: numbers only, the sums and extremes of each bucket. */
export function chartData(load: Load, windows: readonly FaultWindow[]): unknown {
  const paths = Map.groupBy(load.series, ({ path }) => path);
  return {
    startMs: load.span.startMs,
    bucketMs: load.bucketMs,
    paths: [...paths].map(([path, series]) => ({ path, modes: series.map(columns) })),
    faults: windows,
  };
}

function row(series: Series): Markup {
  const reasons = [...series.errors].map(([reason, times]) => `${reason} ${String(times)}`).join(', ');
  const all = series.ok + series.failed;
  const share = `${((100 * series.ok) / Math.max(1, all)).toFixed(series.failed === 0 ? 0 : 2)} %`;
  const cells = [series.path, series.mode, String(all), String(series.failed), share, reasons || '–'];
  return markup`<tr class="${series.failed > 0 ? 'bad' : ''}">${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`;
}

/** Availability and latency of every path; the table says in numbers what the charts draw, also without the script. */
export function charts(load: Load | null, windows: readonly FaultWindow[]): Markup {
  if (load === null) {
    return markup`<section id="charts"><h2>Availability and latency</h2><p class="empty">No requests were recorded.</p></section>`;
  }
  const paths = [...new Set(load.series.map(({ path }) => path))];
  const figures = paths.map(
    (path, at) =>
      markup`<figure class="chart"><figcaption>${path}${path === 'control' ? markup` <small>beside the client, never touches the cluster</small>` : ''}</figcaption><div class="plot" data-path="${at}"></div></figure>`,
  );
  return markup`<section id="charts"><h2>Availability and latency</h2>
<p class="note">Each point sums ${load.bucketMs} ms of requests by the time they were sent. Every failure is counted; a mark at the foot of a chart shows where any was. <span class="key new-key"></span> new connections <span class="key reused-key"></span> reused connections; thick: mean, thin: slowest.</p>
<div class="zoom" id="zoom" hidden><button type="button" data-zoom="fault">Around the fault</button><button type="button" data-zoom="all">The whole run</button><span>or drag over a chart</span></div>
<noscript><p class="empty">The charts need the script of this page; the strips above and the table below do not.</p></noscript>
<div class="charts">${figures}</div>
<div class="scroll" tabindex="0"><table><caption>Requests</caption><thead><tr><th>path</th><th>connections</th><th>sent</th><th>failed</th><th>answered</th><th>reasons</th></tr></thead><tbody>${load.series.map(row)}</tbody></table></div>
${dataScript('chart-data', chartData(load, windows))}</section>`;
}
