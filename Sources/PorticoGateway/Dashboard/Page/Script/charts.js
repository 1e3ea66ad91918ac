// Charts over the time shown: what they show, and their cursor.

/** Colours of the theme; read anew when it changes. */
let colors = {};

function readColors() {
  const probe = make('i');
  document.body.append(probe);
  for (const name of ['line', 'soft', 'text', 'surface', 'accent', 'good', 'warn', 'bad', 'throttle', 'ok-fill', 'p50', 'p95', 'p99']) {
    probe.style.color = `var(--${name})`;
    colors[name] = getComputedStyle(probe).color;
  }
  probe.remove();
}

const shareOf = (part, whole) => (column) => (column.whole[whole] ? (column.whole[part] / column.whole[whole]) * 100 : null);
const perSecond = (number) => (column) => number(column.whole) / column.covered;
const CHARTS = [
  { id: 'traffic', title: 'Requests', kind: 'stack', unit: rate, series: [
    { name: '2xx, 3xx', color: 'ok-fill', swatch: 'ok', value: perSecond((t) => t.requests - t.clientErrors - t.serverErrors) },
    { name: '4xx', color: 'warn', swatch: 'warn', value: perSecond((t) => t.clientErrors) },
    { name: '5xx', color: 'bad', swatch: 'bad', value: perSecond((t) => t.serverErrors) },
  ] },
  { id: 'latency', title: 'Latency', kind: 'lines', unit: time, scale: true, series: [
    { name: 'p50', color: 'p50', swatch: 'p50', value: (c) => quantile(c.whole.latency, 0.5) },
    { name: 'p95', color: 'p95', swatch: 'p95', value: (c) => quantile(c.whole.latency, 0.95) },
    { name: 'p99', color: 'p99', swatch: 'p99', value: (c) => quantile(c.whole.latency, 0.99) },
    { name: 'backends p95', color: 'soft', swatch: 'soft', isDashed: true, value: (c) => quantile(c.whole.integrationLatency, 0.95) },
  ] },
  { id: 'errors', title: 'Errors', kind: 'stack', unit: rate, series: [
    { name: '4xx', color: 'warn', swatch: 'warn', value: perSecond((t) => Math.max(0, t.clientErrors - t.throttled)) },
    { name: 'throttled', color: 'throttle', swatch: 'throttle', value: perSecond((t) => t.throttled) },
    { name: '5xx', color: 'bad', swatch: 'bad', value: perSecond((t) => t.serverErrors) },
  ] },
  { id: 'shares', title: 'Shares', kind: 'lines', unit: (value) => (value === null ? NONE : percent(value, 100)), top: 100, series: [
    { name: 'cache hits', color: 'good', swatch: 'good', value: (c) => {
      const looks = c.whole.cacheHits + c.whole.cacheMisses;
      return looks ? (c.whole.cacheHits / looks) * 100 : null;
    } },
    { name: '4xx', color: 'warn', swatch: 'warn', value: shareOf('clientErrors', 'requests') },
    { name: '5xx', color: 'bad', swatch: 'bad', value: shareOf('serverErrors', 'requests') },
  ] },
];

/** Time that the pointer or the keys have chosen, in all charts; `null` for the latest. */
let cursor = null;
const charts = [];
const LEFT = 46, RIGHT = 6, TOP = 8, BOTTOM = 18;

function makeCharts() {
  for (const spec of CHARTS) {
    const canvas = make('canvas');
    const plot = make('div', { class: 'plot', tabindex: '0', role: 'group', 'aria-label': `${spec.title}; use left and right to read values` }, canvas);
    const note = make('p', { hidden: true }, 'no data yet');
    plot.append(note);
    const values = spec.series.map(() => make('b', null, '–'));
    const at = make('span', { class: 'at' });
    const scale = spec.scale && make('button', { type: 'button', class: 'toggle', 'aria-pressed': 'false', title: 'Logarithmic scale' }, 'log');
    scale?.addEventListener('click', () => {
      view.logarithmic = !view.logarithmic;
      scale.setAttribute('aria-pressed', String(view.logarithmic));
      drawCharts();
    });
    const figure = make('figure', { id: `chart-${spec.id}` },
      make('figcaption', null, make('h2', null, spec.title), scale, at,
        make('ul', { class: 'legend' }, ...spec.series.map((one, index) =>
          make('li', null, make('i', { class: `swatch-${one.swatch}` }), one.name, values[index])))), plot);
    const chart = { spec, canvas, plot, note, values, at, scale };
    plot.addEventListener('pointermove', (event) => {
      const box = plot.getBoundingClientRect();
      const share = (event.clientX - box.left - LEFT) / (box.width - LEFT - RIGHT);
      cursor = share < 0 || share > 1 ? null : end() + 1 - view.window + share * view.window;
      drawCharts();
    });
    plot.addEventListener('pointerleave', () => { cursor = null; drawCharts(); });
    plot.addEventListener('blur', () => { cursor = null; drawCharts(); });
    plot.addEventListener('keydown', (event) => {
      const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
      if (!step || columns.length === 0) return;
      event.preventDefault();
      const width = columns[0].width;
      cursor = Math.min(Math.max((cursor ?? end()) + step * width, end() + 1 - view.window), end());
      drawCharts();
      announce(`${at.textContent}: ` + spec.series.map((one, index) => `${one.name} ${values[index].textContent}`).join(', '));
    });
    charts.push(chart);
    $('charts').append(figure);
  }
  new ResizeObserver(() => drawCharts()).observe($('charts'));
}

/** One for each pixel or so: sums of some seconds; `whole` is `null` where nothing was heard. */
let columns = [];

function renderCharts() {
  const series = scopeSeries();
  const width = Math.max(view.window <= 60 ? 1 : view.window <= 300 ? 2 : 5, series.width);
  const to = end() + 1;
  const first = Math.floor((to - view.window) / width) * width;
  columns = [];
  for (let start = first; start < to; start += width) columns.push({ start, width, covered: 0, whole: new Totals() });
  const column = (second) => columns[Math.floor((second - first) / width)];
  for (const [second, length] of covered) {
    const one = second >= first ? column(second) : undefined;
    if (one) one.covered += length;
  }
  for (const [second, bin] of series.bins) if (second >= first) column(second)?.whole.add(bin);
  for (const chart of charts) {
    chart.data = columns.map((one) => (one.covered === 0 ? null : chart.spec.series.map((s) => s.value(one))));
  }
  drawCharts();
}

function drawCharts() { for (const chart of charts) draw(chart); }
