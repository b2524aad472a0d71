import { formatMs } from '../../harness/model/duration.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { formatAt, formatInterval, outcomes } from '../wording.ts';
import { type Fields, type Listed, listsOf, numberOf, rowsOf, textOf } from './details.ts';
import { type Markup, markup } from './markup.ts';
import { lane, percent, place, ruler, type Timeline } from './time-axis.ts';

const statusOf = (path: Fields): string => {
  const status = textOf(path, 'status');
  if (status !== 'held' && status !== 'violated' && status !== 'unknown') return status ?? '–';
  return `${outcomes[status].mark} ${outcomes[status].word}`;
};

const nameOf = (path: Fields): string =>
  [textOf(path, 'path') ?? 'path', textOf(path, 'mode')].filter((part) => part !== null).join(', ');

interface Bounds {
  readonly lower: number;
  /** Infinite while the outage is open. */
  readonly upper: number;
}

function boundsOf(outage: Fields): Bounds {
  return { lower: numberOf(outage, 'lowerMs') ?? 0, upper: numberOf(outage, 'upperMs') ?? Infinity };
}

function worstOf(path: Fields): Fields | null {
  const [first, ...others] = rowsOf(path, 'outages');
  if (first === undefined) return null;
  return others.reduce((worst, outage) => (boundsOf(outage).lower > boundsOf(worst).lower ? outage : worst), first);
}

/** The certain part of an outage as a box, the possible rest as a line, and where the promised time ended. */
function drawn(outage: Fields, limitMs: number | null, span: Timeline): Markup {
  const fromMs = numberOf(outage, 'fromMs', 'firstBadMs') ?? span.startMs;
  const { lower, upper } = boundsOf(outage);
  const over = limitMs !== null && lower > limitMs ? 'bad' : 'waiting';
  const sureMs = fromMs + lower;
  const limit =
    limitMs === null || limitMs >= span.endMs - fromMs
      ? ''
      : markup`<i class="deadline" style="left:${percent(fromMs + limitMs, span)}%"></i>`;
  return markup`<span class="segment ${over}" style="${place(fromMs, sureMs, span)}">${formatInterval({ lower, upper, unit: 'ms' })}</span><i class="whisker" style="${place(sureMs, fromMs + upper, span)}"></i>${limit}`;
}

function lanes({ rows, about }: Listed, span: Timeline): Markup {
  const limitMs = numberOf(about, 'limitMs');
  const drawnLanes = rows.map((path) => {
    const outages = rowsOf(path, 'outages');
    const described = outages.map((outage) => formatInterval({ ...boundsOf(outage), unit: 'ms' })).join(', ');
    const none = markup`<span class="segment none" style="left:0;width:100%">no outage</span>`;
    const body = outages.length === 0 ? none : markup`${outages.map((outage) => drawn(outage, limitMs, span))}`;
    return lane(span, {
      name: nameOf(path),
      note: statusOf(path),
      described: described || 'no outage',
      body,
      kind: 'thin',
    });
  });
  return markup`<div class="lanes">${drawnLanes}${ruler(span)}</div>`;
}

function row(path: Fields): Markup {
  const worst = worstOf(path);
  const since = (key: string): string => {
    const atMs = numberOf(path, key);
    const fromMs = worst === null ? null : numberOf(worst, 'fromMs', 'firstBadMs');
    return atMs === null || fromMs === null ? '–' : formatMs(Math.max(0, atMs - fromMs));
  };
  const time = (key: string): string => {
    const ms = numberOf(path, key);
    return ms === null ? '–' : formatMs(ms);
  };
  const status = textOf(path, 'status') ?? '';
  const because = textOf(path, 'because');
  const cells = [
    nameOf(path),
    because === null ? statusOf(path) : `${statusOf(path)}: ${because}`,
    worst === null
      ? 'none'
      : `${formatInterval({ ...boundsOf(worst), unit: 'ms' })} from ${formatAt(numberOf(worst, 'fromMs', 'firstBadMs'))}`,
    since('firstGoodMs'),
    since('sustainedGoodMs'),
    since('cleanMs'),
    `${String(numberOf(path, 'notServed') ?? 0)} of ${String(numberOf(path, 'samples') ?? 0)}`,
    time('widestSpacingMs'),
  ];
  return markup`<tr class="${status === 'violated' ? 'bad' : ''}">${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`;
}

const heads = [
  'path',
  'verdict',
  'longest outage',
  'first good',
  'sustained good',
  'clean',
  'not served',
  'samples at most apart',
];

/** Every path that a judge measured: its outages on the run's clock, and in figures. */
export function outages(report: RunReport, span: Timeline): Markup[] {
  return listsOf(report, 'paths').map((listed) => {
    const limitMs = numberOf(listed.about, 'limitMs');
    const limit = limitMs === null ? '' : ` The dashed line is the promised ${formatMs(limitMs)}.`;
    return markup`<h3><code>${listed.guarantee}</code></h3>
<p class="note">Box: the time that an outage lasted for certain; line: the time that it may have lasted.${limit} Good times count from its beginning.</p>
${lanes(listed, span)}
<div class="scroll" tabindex="0"><table><thead><tr>${heads.map((head) => markup`<th>${head}</th>`)}</tr></thead><tbody>${listed.rows.map(row)}</tbody></table></div>`;
  });
}
