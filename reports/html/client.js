// The page's own script: the charts, their zoom, and the button that copies the replay command.
'use strict';
(() => {
  const copy = document.getElementById('copy');
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener('click', () => {
      const said = document.getElementById('copied');
      navigator.clipboard.writeText(document.getElementById('replay-command').textContent).then(
        () => (said.textContent = 'copied'),
        () => (said.textContent = 'could not copy: select the text instead'),
      );
    });
  }

  const stored = document.getElementById('chart-data');
  if (!stored) return;
  const data = JSON.parse(stored.textContent);
  const plots = [];
  const seconds = data.paths[0].modes[0].ok.map((_, at) => (data.startMs + at * data.bucketMs) / 1000);
  const whole = { min: seconds[0], max: seconds[seconds.length - 1] + data.bucketMs / 1000 };
  let shown = whole;

  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const lineOf = (mode) => (mode === 'new' ? { stroke: color('new') } : { stroke: color('reused'), dash: [6, 3] });

  // Behind the lines: when a fault was there, and when its victim felt it.
  const shade = (plot) => {
    const { left, top, width, height } = plot.bbox;
    const context = plot.ctx;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    context.setLineDash([]);
    for (const fault of data.faults) {
      const from = plot.valToPos(fault.startMs / 1000, 'x', true);
      const to = plot.valToPos(fault.endMs / 1000, 'x', true);
      context.fillStyle = color('shade');
      context.fillRect(from, top, to - from, height);
      context.strokeStyle = color('felt');
      context.lineWidth = devicePixelRatio;
      context.strokeRect(from, top - 2, to - from, height + 4);
      if (fault.feltMs === null) continue;
      const felt = plot.valToPos(fault.feltMs / 1000, 'x', true);
      context.setLineDash([2, 3]);
      context.beginPath();
      context.moveTo(felt, top);
      context.lineTo(felt, top + height);
      context.stroke();
      context.setLineDash([]);
    }
    context.restore();
  };

  // At the foot, over the lines: a mark for every bucket with a failure, however few among how many.
  const marks = (modes) => (plot) => {
    const { left, top, width, height } = plot.bbox;
    const tall = 6 * devicePixelRatio;
    plot.ctx.save();
    plot.ctx.fillStyle = color('violated');
    modes.forEach((mode, row) => {
      mode.failed.forEach((failed, at) => {
        const x = plot.valToPos(seconds[at], 'x', true);
        const to = plot.valToPos(seconds[at] + data.bucketMs / 1000, 'x', true);
        if (failed === 0 || to < left || x > left + width) return;
        plot.ctx.fillRect(x, top + height - tall * (row + 1), Math.max(1.5 * devicePixelRatio, to - x), tall - 1);
      });
    });
    plot.ctx.restore();
  };

  const show = (range) => {
    shown = range;
    for (const plot of plots) plot.setScale('x', range);
  };

  const common = (width, height, modes) => ({
    width,
    height,
    cursor: { sync: { key: 'run' }, drag: { x: true, y: false } },
    hooks: {
      drawClear: [shade],
      draw: [marks(modes)],
      setSelect: [
        (plot) => {
          if (plot.select.width < 4) return;
          const min = plot.posToVal(plot.select.left, 'x');
          const max = plot.posToVal(plot.select.left + plot.select.width, 'x');
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          show({ min, max });
        },
      ],
    },
  });
  const axis = (label, extra) => ({
    stroke: color('text'),
    grid: { stroke: color('line'), width: 1 },
    ticks: { stroke: color('line') },
    font: '11px system-ui, sans-serif',
    label,
    labelFont: '11px system-ui, sans-serif',
    labelSize: 16,
    ...extra,
  });
  const timeAxis = () => axis(undefined, { values: (_, splits) => splits.map((at) => `${at} s`), size: 28 });
  const timeSeries = { label: 'time', value: (_, at) => (at === null ? '–' : `${at.toFixed(2)} s`) };
  const inUnit = (unit) => (_, value) => (value === null || value === undefined ? '–' : `${value} ${unit}`);

  const availability = (modes, width) => ({
    ...common(width, 130, modes),
    scales: { x: { time: false, ...whole }, y: { range: [-3, 105] } },
    axes: [
      timeAxis(),
      axis('answered', { splits: () => [0, 50, 100], values: () => ['0 %', '50 %', '100 %'], size: 46 }),
    ],
    series: [
      timeSeries,
      ...modes.map((mode) => ({
        label: `${mode.mode}, answered`,
        ...lineOf(mode.mode),
        width: 2,
        paths: uPlot.paths.stepped({ align: 1 }),
        points: { show: false },
        value: inUnit('%'),
      })),
    ],
  });
  const latency = (modes, width) => ({
    ...common(width, 190, modes),
    scales: { x: { time: false, ...whole }, y: { distr: 3 } },
    axes: [timeAxis(), axis('ms', { size: 46 })],
    series: [
      timeSeries,
      ...modes.flatMap((mode) => [
        { label: `${mode.mode}, mean`, ...lineOf(mode.mode), width: 2, points: { show: false }, value: inUnit('ms') },
        {
          label: `${mode.mode}, slowest`,
          ...lineOf(mode.mode),
          width: 0.7,
          points: { show: false },
          value: inUnit('ms'),
        },
      ]),
    ],
  });

  const shareOf = (mode) =>
    mode.ok.map((ok, at) => {
      const all = ok + mode.failed[at];
      return all === 0 ? null : Math.round((1000 * ok) / all) / 10;
    });
  // A logarithmic scale has no zero.
  const positive = (values) => values.map((ms) => (ms === null ? null : Math.max(0.01, ms)));

  const draw = () => {
    for (const plot of plots.splice(0)) plot.destroy();
    for (const holder of document.querySelectorAll('.plot')) {
      const { modes } = data.paths[Number(holder.dataset.path)];
      const width = holder.clientWidth;
      plots.push(new uPlot(availability(modes, width), [seconds, ...modes.map(shareOf)], holder));
      const times = modes.flatMap((mode) => [positive(mode.mean), positive(mode.max)]);
      plots.push(new uPlot(latency(modes, width), [seconds, ...times], holder));
    }
    show(shown);
  };

  const aroundFault = () => {
    const start = Math.min(...data.faults.map((fault) => fault.startMs)) / 1000;
    const end = Math.max(...data.faults.map((fault) => fault.endMs)) / 1000;
    const pad = Math.max(2, (end - start) * 0.15);
    return { min: Math.max(whole.min, start - pad), max: Math.min(whole.max, end + pad) };
  };
  const zoom = document.getElementById('zoom');
  if (data.faults.length > 0) {
    zoom.hidden = false;
    zoom.querySelector('[data-zoom=fault]').addEventListener('click', () => show(aroundFault()));
    zoom.querySelector('[data-zoom=all]').addEventListener('click', () => show(whole));
    // A long run opens where something happened.
    if (whole.max - whole.min > 240) shown = aroundFault();
  }

  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  matchMedia('print').addEventListener('change', draw);
  // Paper is white whatever the screen is.
  addEventListener('beforeprint', () => {
    document.documentElement.dataset.print = '';
    draw();
  });
  addEventListener('afterprint', () => {
    delete document.documentElement.dataset.print;
    draw();
  });
  let drawnAt = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth === drawnAt) return;
    drawnAt = innerWidth;
    draw();
  });
})();
