// The table of routes, and the settings of the one that is chosen.

const ROUTE_COLUMNS = [
  { id: 'route', title: 'Route', value: (row) => row.route.path + ' ' + row.route.method },
  { id: 'stage', title: 'Stage', wide: true, value: (row) => row.route.stageName },
  { id: 'rate', title: 'Requests', number: true, value: (row) => row.rate },
  { id: 'trend', title: 'Trend', wide: true },
  { id: 'p50', title: 'p50', number: true, wide: true, value: (row) => row.p50 ?? -1 },
  { id: 'p95', title: 'p95', number: true, value: (row) => row.p95 ?? -1 },
  { id: 'p99', title: 'p99', number: true, wide: true, value: (row) => row.p99 ?? -1 },
  { id: 'client', title: '4xx', number: true, wide: true, value: (row) => share(row.totals.clientErrors, row) },
  { id: 'server', title: '5xx', number: true, value: (row) => share(row.totals.serverErrors, row) },
  { id: 'cache', title: 'Cache', number: true, wide: true, value: (row) => row.hits ?? -1 },
  { id: 'throttled', title: 'Throttled', number: true, wide: true, value: (row) => row.totals.throttled },
  { id: 'settings', title: 'Settings', wide: true },
  { id: 'integration', title: 'Integration', wide: true, roomy: true, value: (row) => row.route.integration },
];

/** Routes without requests stand behind those whose requests went well. */
const share = (number, row) => (row.totals.requests ? number / row.totals.requests : -1);

const columnClass = (column) => [column.number && 'number', column.wide && 'wide-only', column.roomy && 'roomy-only']
  .filter(Boolean).join(' ');

function makeRouteHead() {
  $('routes').tHead.rows[0].replaceChildren(...ROUTE_COLUMNS.map((column) => make('th', {
    scope: 'col', data: { column: column.id },
    class: columnClass(column),
  }, column.value ? make('button', { type: 'button', onclick: () => {
    const isSame = view.sort === column.id;
    view.ascending = isSame ? !view.ascending : !column.number;
    view.sort = column.id;
    changed(true);
  } }, column.title) : column.title)));
}

const routeRows = new Map();
let routeOrder = [];

function settingChips(route) {
  const chips = [];
  if (route.authorization && route.authorization !== 'NONE') chips.push(make('span', { class: 'chip accent', title: 'Authorization' }, route.authorization));
  if (route.apiKey) chips.push(make('span', { class: 'chip accent', title: 'An API key is required' }, 'API key'));
  if (route.cacheSeconds) chips.push(make('span', { class: 'chip good', title: 'Answers are cached for' }, `cache ${ago(route.cacheSeconds)}`));
  if (route.throttle) chips.push(make('span', { class: 'chip warn', title: `Throttle: ${throttleText(route.throttle)}` }, `≤ ${text(rate(route.throttle.rate))}`));
  return chips;
}

function makeRouteRow(route) {
  const cells = {};
  const link = make('button', { type: 'button', class: 'rowlink', tabindex: '-1', title: `${route.method} ${route.path}` }, verb(route.method), make('span', { class: 'path' }, route.path),
    stages.length > 1 ? make('span', { class: 'chip phone-only' }, route.stageName) : null);
  const element = make('tr', { data: { route: route.key } }, ...ROUTE_COLUMNS.map((column) => {
    const cell = make('td', { class: columnClass(column) });
    cells[column.id] = cell;
    return cell;
  }));
  cells.route.append(link);
  cells.stage.textContent = route.stageName;
  cells.integration.classList.add('integration');
  cells.integration.textContent = route.integration;
  cells.integration.title = route.integration;
  cells.settings.append(make('div', { class: 'chips' }, ...settingChips(route)));
  const canvas = make('canvas', { 'aria-hidden': 'true' });
  cells.trend.append(canvas);
  element.addEventListener('click', () => { view.route = view.route === route.key ? '' : route.key; changed(); });
  return { element, cells, canvas, signature: JSON.stringify(route) };
}

function renderRoutes() {
  const to = end() + 1;
  const from = to - view.window;
  const known = seconds(from, to) || 1;
  const words = view.routeFilter.toLowerCase().split(/\s+/).filter(Boolean);
  let list = [];
  for (const route of routes.values()) {
    if (view.stage && route.stageName !== view.stage) continue;
    if (!words.every((word) => route.found.includes(word))) continue;
    const totals = Totals.of(routeSeries.get(route.key), from, to);
    if (view.onlyActive && totals.requests === 0) continue;
    const looks = totals.cacheHits + totals.cacheMisses;
    list.push({
      route, totals, rate: totals.requests / known, hits: looks ? totals.cacheHits / looks : null,
      p50: quantile(totals.latency, 0.5), p95: quantile(totals.latency, 0.95), p99: quantile(totals.latency, 0.99),
    });
  }
  const column = ROUTE_COLUMNS.find((one) => one.id === view.sort) ?? ROUTE_COLUMNS[0];
  const body = $('routes').tBodies[0];
  const signature = [view.sort, view.ascending, view.stage, view.routeFilter, view.onlyActive, hello.generation].join('\n');
  if (!isHeld(body) || body.dataset.signature !== signature) {
    const sign = view.ascending ? 1 : -1;
    list.sort((a, b) => {
      const [one, other] = [column.value(a), column.value(b)];
      const order = typeof one === 'string' ? one.localeCompare(other) : one - other;
      return sign * order || a.route.path.localeCompare(b.route.path) || a.route.method.localeCompare(b.route.method);
    });
    routeOrder = list.map((row) => row.route.key);
    body.dataset.signature = signature;
  } else {
    const places = new Map(routeOrder.map((key, place) => [key, place]));
    list.sort((a, b) => (places.get(a.route.key) ?? Infinity) - (places.get(b.route.key) ?? Infinity));
  }
  for (const head of $('routes').tHead.rows[0].cells) {
    if (head.dataset.column === column.id) head.setAttribute('aria-sort', view.ascending ? 'ascending' : 'descending');
    else head.removeAttribute('aria-sort');
  }
  const shown = view.allRoutes ? list : list.slice(0, ROUTE_ROWS);
  const used = new Set();
  const rows = shown.map((row) => {
    const { route, totals } = row;
    used.add(route.key);
    let drawn = routeRows.get(route.key);
    if (!drawn || drawn.signature !== JSON.stringify(route)) { drawn = makeRouteRow(route); routeRows.set(route.key, drawn); }
    const { cells } = drawn;
    setValue(cells.rate, rate(row.rate));
    setValue(cells.p50, time(row.p50));
    setValue(cells.p95, time(row.p95));
    setValue(cells.p99, time(row.p99));
    setValue(cells.client, percent(totals.clientErrors, totals.requests));
    setValue(cells.server, percent(totals.serverErrors, totals.requests));
    setValue(cells.cache, row.hits === null ? NONE : percent(row.hits, 1));
    setValue(cells.throttled, totals.throttled ? [count(totals.throttled)] : totals.requests ? ['0'] : NONE);
    const failures = totals.requests ? totals.serverErrors / totals.requests : 0;
    cells.server.classList.toggle('bad', failures >= 0.01);
    cells.server.classList.toggle('warn', failures > 0 && failures < 0.01);
    cells.client.classList.toggle('warn', totals.clientErrors > totals.requests * 0.05);
    cells.throttled.classList.toggle('warn', totals.throttled > 0);
    drawn.element.classList.toggle('idle', totals.requests === 0);
    drawn.element.classList.toggle('selected', view.route === route.key);
    return drawn.element;
  });
  arrange(body, rows);
  for (const row of shown) drawTrend(routeRows.get(row.route.key).canvas, routeSeries.get(row.route.key), from, to);
  for (const key of routeRows.keys()) if (!used.has(key)) routeRows.delete(key);
  keepOneReachable(body);
  setText($('route-count'), list.length === routes.size ? String(routes.size) : `${list.length} of ${routes.size}`);
  const empty = $('routes-empty');
  empty.hidden = list.length > 0;
  setText(empty, routes.size === 0 ? 'The API has no routes.' : view.onlyActive && !words.length ? `No route has had requests in the last ${windowName(view.window)}.` : 'No route matches the filter.');
  const more = $('routes-more');
  more.hidden = list.length <= ROUTE_ROWS;
  setText(more, view.allRoutes ? `Show the first ${ROUTE_ROWS}` : `Show all ${list.length} routes`);
}

/** Requests over the time shown, in bars. */
function drawTrend(canvas, series, from, to) {
  const width = 84, height = 22, bars = 28;
  if (!canvas.offsetParent) return;
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio)) { canvas.width = Math.round(width * ratio); canvas.height = Math.round(height * ratio); }
  const pen = canvas.getContext('2d');
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  const whole = new Array(bars).fill(0);
  const bad = new Array(bars).fill(0);
  for (const [second, bin] of series?.bins ?? []) {
    if (second < from || second >= to) continue;
    const place = Math.min(bars - 1, Math.floor(((second - from) / (to - from)) * bars));
    whole[place] += bin.requests;
    bad[place] += bin.serverErrors;
  }
  const top = Math.max(...whole);
  pen.fillStyle = colors.line;
  pen.fillRect(0, height - 1, width, 1);
  if (top === 0) return;
  whole.forEach((value, index) => {
    if (!value) return;
    const tall = Math.max(1.5, (value / top) * (height - 2));
    pen.fillStyle = colors['ok-fill'];
    pen.fillRect(index * 3, height - tall, 2, tall);
    if (!bad[index]) return;
    const red = Math.max(1.5, (bad[index] / top) * (height - 2));
    pen.fillStyle = colors.bad;
    pen.fillRect(index * 3, height - red, 2, red);
  });
}

function renderRoutePanel() {
  const route = view.route ? shownRoute() : null;
  $('route-panel').hidden = !route;
  $('route-scope').hidden = !route;
  if (!route) return;
  setText($('route-scope-text'), `${route.method} ${route.path} (${route.stageName})`);
  const panel = $('route-facts');
  const signature = JSON.stringify(route);
  if (panel.dataset.signature === signature) return;
  panel.dataset.signature = signature;
  $('route-title').replaceChildren(`${route.method} ${route.path}`);
  const facts = [
    fact('Stage', route.stageName),
    fact('Authorization', route.authorization || 'NONE'),
    fact('API key', route.apiKey ? 'required' : 'not required'),
    fact('Cache', route.cacheSeconds ? `answers are kept for ${ago(route.cacheSeconds)}` : 'off'),
    fact('Throttle', route.throttle ? throttleText(route.throttle) : 'none of its own'),
  ];
  if (route.timeoutMilliseconds) facts.push(fact('Time limit of the backend', text(time(route.timeoutMilliseconds * 1000))));
  if (route.operation) facts.push(fact('Operation', route.operation, true));
  if (route.line) facts.push(fact('Line in the spec', String(route.line)));
  facts.push(fact('Integration', route.integration, true, true));
  panel.replaceChildren(...facts);
}
