// The dashboard of Portico. The contract of its data is in docs/dashboard.md. Nothing here makes HTML from text.
(() => {
  'use strict';

  // --- Limits

  /** Seconds that are kept: the longest time shown, and something for columns that begin before it. */
  const KEPT_SECONDS = 930;
  /** Requests that are kept: of those that went well and of those that failed. */
  const KEPT_REQUESTS = 200;
  /** Rows of the tables that are drawn unless more are asked for. */
  const ROUTE_ROWS = 60;
  const REQUEST_ROWS = 200;
  /** Routes above which their numbers are kept for five seconds each instead of for each second. */
  const FINE_ROUTES = 150;
  /** Milliseconds without an event after which the connection is taken for dead. */
  const SILENCE = 6000;
  /** Longest wait before the next try, in seconds. */
  const LONGEST_WAIT = 15;

  // --- Elements

  const $ = (id) => document.getElementById(id);

  function make(tag, properties, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties ?? {})) {
      if (value === undefined || value === null || value === false) continue;
      if (name === 'class') element.className = value;
      else if (name === 'data') Object.assign(element.dataset, value);
      else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value === true ? '' : value);
    }
    element.append(...children.filter((child) => child !== undefined && child !== null && child !== ''));
    return element;
  }

  /** Sets a text where it is another one: layout is done for changes only. */
  function setText(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  /** A number and, smaller, its unit. */
  function setValue(element, [number, unit]) {
    const text = number + (unit ?? '');
    if (element.dataset.shown === text) return;
    element.dataset.shown = text;
    element.replaceChildren(number, ...(unit ? [make('small', null, unit)] : []));
  }

  function announce(text) { $('announcer').textContent = text; }

  // --- Numbers with units

  const NONE = ['–'];
  const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

  function count(value) {
    if (value < 10000) return grouped.format(value);
    return value < 1e6 ? (value / 1e3).toPrecision(3) + ' k' : (value / 1e6).toPrecision(3) + ' M';
  }

  function rate(value) {
    if (value === null) return NONE;
    if (value === 0) return ['0', '/s'];
    if (value < 0.1) return [value.toFixed(2), '/s'];
    if (value < 10) return [value.toFixed(1), '/s'];
    return value < 1000 ? [value.toFixed(0), '/s'] : [(value / 1000).toPrecision(3) + ' k', '/s'];
  }

  function time(microseconds) {
    if (microseconds === null || microseconds === undefined) return NONE;
    if (microseconds < 999.5) return [microseconds.toFixed(0), 'µs'];
    const milliseconds = microseconds / 1000;
    if (milliseconds < 9.995) return [milliseconds.toFixed(2), 'ms'];
    if (milliseconds < 99.95) return [milliseconds.toFixed(1), 'ms'];
    if (milliseconds < 999.5) return [milliseconds.toFixed(0), 'ms'];
    const seconds = milliseconds / 1000;
    return [seconds.toFixed(seconds < 9.995 ? 2 : 1), 's'];
  }

  function percent(part, whole) {
    if (!whole) return NONE;
    const value = (part / whole) * 100;
    if (value === 0) return ['0', '%'];
    if (value < 0.1) return ['<0.1', '%'];
    if (value < 10 || (value > 99 && value < 100)) return [Math.min(value, 99.9).toFixed(1), '%'];
    return [value.toFixed(0), '%'];
  }

  function bytes(value) {
    if (value === null || value === undefined) return NONE;
    const units = ['B', 'KB', 'MB', 'GB'];
    let unit = 0;
    while (value >= 999.5 && unit < 3) { value /= 1000; unit += 1; }
    return [unit === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1), units[unit]];
  }

  const text = ([number, unit]) => (unit ? number + (unit === '/s' ? '' : '\u00a0') + unit : number);

  function clock(milliseconds, withFraction) {
    const date = new Date(milliseconds);
    const two = (number) => String(number).padStart(2, '0');
    const whole = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
    return withFraction ? `${whole}.${String(date.getMilliseconds()).padStart(3, '0')}` : whole;
  }

  function ago(seconds) {
    if (seconds < 60) return `${Math.max(0, Math.round(seconds))} s`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
    if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
    return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
  }

  const windowName = (seconds) => (seconds < 60 ? `${seconds} s` : `${seconds / 60} min`);

  // --- Series: numbers over time

  const COUNTS = ['requests', 'clientErrors', 'serverErrors', 'throttled', 'cacheHits', 'cacheMisses'];

  /** Counts and histograms of each `width` seconds; histograms are pairs of bucket and count, a bucket may come twice. */
  class Series {
    constructor(width) {
      this.width = width;
      this.bins = new Map();
    }

    add(second, numbers) {
      const key = second - (second % this.width);
      let bin = this.bins.get(key);
      if (!bin) {
        bin = { latency: [], integrationLatency: [] };
        for (const name of COUNTS) bin[name] = 0;
        this.bins.set(key, bin);
      }
      for (const name of COUNTS) bin[name] += numbers[name] ?? 0;
      if (numbers.latency) bin.latency.push(...numbers.latency);
      if (numbers.integrationLatency) bin.integrationLatency.push(...numbers.integrationLatency);
    }

    prune(before) {
      for (const key of this.bins.keys()) {
        if (key + this.width > before) break;
        this.bins.delete(key);
      }
    }
  }

  /** Sums of a series. */
  class Totals {
    constructor() {
      for (const name of COUNTS) this[name] = 0;
      this.latency = new Map();
      this.integrationLatency = new Map();
    }

    add(bin) {
      for (const name of COUNTS) this[name] += bin[name];
      for (const name of ['latency', 'integrationLatency']) {
        const pairs = bin[name];
        const map = this[name];
        for (let index = 0; index + 1 < pairs.length; index += 2) {
          map.set(pairs[index], (map.get(pairs[index]) ?? 0) + pairs[index + 1]);
        }
      }
      return this;
    }

    static of(series, from, to) {
      const totals = new Totals();
      if (!series) return totals;
      for (const [key, bin] of series.bins) {
        if (key >= to) break;
        if (key + series.width > from) totals.add(bin);
      }
      return totals;
    }
  }

  /** The value below which a share of a histogram lies, in microseconds; `null` when it is empty. */
  function quantile(histogram, share) {
    let whole = 0;
    for (const number of histogram.values()) whole += number;
    if (whole === 0) return null;
    const buckets = [...histogram.keys()].sort((a, b) => a - b);
    let left = share * whole;
    for (const bucket of buckets) {
      const number = histogram.get(bucket);
      if (left <= number) {
        const low = bucket > 0 ? bounds[Math.min(bucket, bounds.length) - 1] ?? 0 : 0;
        const high = bounds[bucket] ?? low;
        return low + (high - low) * Math.max(0, left / number);
      }
      left -= number;
    }
    return bounds[buckets[buckets.length - 1]] ?? bounds[bounds.length - 1] ?? null;
  }

  /** Share of a histogram that lies below a value. */
  function rank(histogram, microseconds) {
    let whole = 0;
    let below = 0;
    for (const [bucket, number] of histogram) {
      whole += number;
      const low = bucket > 0 ? bounds[bucket - 1] ?? 0 : 0;
      const high = bounds[bucket] ?? low;
      if (high <= microseconds) below += number;
      else if (low < microseconds) below += (number * (microseconds - low)) / (high - low);
    }
    return whole === 0 ? null : below / whole;
  }

  // --- State

  /** Upper bounds of the latency buckets in microseconds; one more bucket has none. */
  let bounds = [];
  let hello = null;
  let stages = [];
  let routes = new Map();
  let alarms = [];
  let total = new Series(1);
  let stageSeries = new Map();
  let routeSeries = new Map();
  /** By second: how many seconds its tick stands for. */
  const covered = new Map();
  /** What charts mark: deployments and alarms. */
  let marks = [];
  let latest = 0;
  let gauges = {};
  let went = [];
  let failed = [];
  let skipped = 0;

  const view = {
    window: 300, stage: '', route: '', sort: 'rate', ascending: false, routeFilter: '', onlyActive: false,
    requestFilter: '', statusClass: 'all', slower: 0, allRoutes: false, logarithmic: false,
  };
  let pausedAt = null;
  let pausedWall = 0;

  const routeKey = (stage, method, path) => `${stage} ${method} ${path}`;
  const end = () => pausedAt ?? latest;
  const shownStage = () => stages.find((stage) => stage.name === view.stage);
  const shownRoute = () => [...routes.values()].find((route) => route.key === view.route);

  function scopeSeries() {
    if (view.route) return routeSeries.get(view.route) ?? new Series(1);
    return view.stage ? stageSeries.get(view.stage) ?? new Series(1) : total;
  }

  function seconds(from, to) {
    let sum = 0;
    for (const [second, length] of covered) if (second >= from && second < to) sum += length;
    return sum;
  }

  // --- What the gateway tells

  function takeHello(message) {
    if (hello && hello.started !== message.started) {
      // Another process: its numbers are not a continuation.
      mark(message.time, 'gateway started', 'deploy');
    } else if (hello && hello.generation !== message.generation) {
      const names = [...new Set(message.stages.map((stage) => stage.deployment).filter(Boolean))];
      mark(message.time, `deployment ${names.join(', ')}`, 'deploy');
      announce('A new deployment is in service.');
    }
    const changedBuckets = JSON.stringify(bounds) !== JSON.stringify(message.latencyBuckets);
    hello = message;
    bounds = message.latencyBuckets;
    stages = message.stages;
    routes = new Map();
    for (const route of message.routes) {
      const stage = stages[route.stage]?.name ?? '';
      const key = routeKey(stage, route.method, route.path);
      routes.set(route.id, { ...route, stageName: stage, key, found: [
        route.method, route.path, stage, route.integration, route.authorization, route.operation,
      ].join(' ').toLowerCase() });
    }
    if (changedBuckets) { total = new Series(1); stageSeries = new Map(); routeSeries = new Map(); covered.clear(); }
    const keys = new Set([...routes.values()].map((route) => route.key));
    for (const key of routeSeries.keys()) if (!keys.has(key)) routeSeries.delete(key);
    for (const name of stageSeries.keys()) {
      if (!stages.some((stage) => stage.name === name)) stageSeries.delete(name);
    }
    if (view.stage && !shownStage()) view.stage = '';
    if (view.route && !shownRoute()) view.route = '';
    for (const tick of message.history ?? []) takeTick(tick);
    takeAlarms(message.alarms ?? [], true);
    renderHello();
    render();
  }

  function takeTick(tick) {
    const second = Math.round(tick.time / 1000);
    // A tick that is known already comes again in the history of a new connection.
    if (covered.has(second)) return;
    covered.set(second, tick.seconds ?? 1);
    latest = Math.max(latest, second);
    gauges = tick;
    const width = routes.size > FINE_ROUTES ? 5 : 1;
    for (const numbers of tick.stages) {
      const stage = stages[numbers.stage];
      if (!stage) continue;
      if (!stageSeries.has(stage.name)) stageSeries.set(stage.name, new Series(1));
      stageSeries.get(stage.name).add(second, numbers);
      total.add(second, numbers);
    }
    for (const numbers of tick.routes) {
      const route = routes.get(numbers.route);
      if (!route) continue;
      if (!routeSeries.has(route.key)) routeSeries.set(route.key, new Series(width));
      routeSeries.get(route.key).add(second, numbers);
    }
    const before = latest - KEPT_SECONDS;
    for (const series of [total, ...stageSeries.values(), ...routeSeries.values()]) series.prune(before);
    for (const key of covered.keys()) if (key < before) covered.delete(key);
    marks = marks.filter((one) => one.time > before);
  }

  function takeRequests(message) {
    skipped += message.skipped ?? 0;
    for (const request of message.requests) {
      const route = routes.get(request.route);
      request.stageName = stages[request.stage]?.name ?? '';
      request.routeKey = route?.key ?? '';
      request.found = [request.path, request.method, route?.path, route?.operation, request.requestId, request.fault]
        .join(' ').toLowerCase();
      (request.status >= 400 ? failed : went).push(request);
    }
    for (const list of [went, failed]) {
      list.sort((a, b) => b.time - a.time);
      list.length = Math.min(list.length, KEPT_REQUESTS);
    }
  }

  function takeAlarms(list, isFirst) {
    if (!isFirst) {
      for (const alarm of list) {
        const old = alarms.find((other) => other.name === alarm.name && other.stage === alarm.stage);
        if (old?.state === alarm.state) continue;
        if (alarm.state === 'ALARM') {
          mark(alarm.since ?? latest * 1000, alarm.name, 'alarm');
          announce(`Alarm: ${alarm.name}`);
        } else if (old?.state === 'ALARM') announce(`Alarm over: ${alarm.name}`);
      }
    }
    alarms = list;
  }

  function mark(milliseconds, label, kind) { marks.push({ time: milliseconds / 1000, label, kind }); }

  // --- Connection

  let source = null;
  let tries = 0;
  let retryAt = 0;
  let heard = 0;
  let linkState = 'connecting';

  function connect() {
    source?.close();
    setLink('connecting');
    heard = Date.now();
    const mine = new EventSource('/dashboard/events');
    source = mine;
    const on = (name, take) => mine.addEventListener(name, (event) => {
      if (source !== mine) return;
      heard = Date.now();
      let message;
      try { message = JSON.parse(event.data); } catch { return; }
      take(message);
    });
    on('hello', (message) => { tries = 0; setLink('live'); takeHello(message); });
    on('tick', (message) => { if (hello) { takeTick(message); schedule(); } });
    on('requests', (message) => { if (hello) { takeRequests(message); scheduleRequests(); } });
    on('alarms', (message) => { if (hello) { takeAlarms(message.alarms, false); schedule(); } });
    mine.onerror = () => { if (source === mine) lose(); };
  }

  function lose() {
    source?.close();
    source = null;
    tries += 1;
    retryAt = Date.now() + Math.min(2 ** (tries - 1), LONGEST_WAIT) * 1000;
    setLink('waiting');
  }

  function setLink(state) {
    if (state === linkState && state !== 'waiting') return;
    if (state === 'waiting' && linkState === 'live') announce('The connection to the gateway is lost.');
    if (state === 'live' && tries > 0) announce('Connected again.');
    linkState = state;
    renderLink();
  }

  function watch() {
    if (linkState === 'waiting' && Date.now() >= retryAt) connect();
    else if (linkState !== 'waiting' && Date.now() - heard > SILENCE) lose();
    renderLink();
  }

  function renderLink() {
    const pill = $('link');
    const wait = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
    const isPaused = pausedAt !== null && linkState === 'live';
    pill.dataset.state = isPaused ? 'paused' : linkState;
    const words = {
      live: 'Live', connecting: tries > 0 ? 'Reconnecting…' : 'Connecting…', waiting: `Reconnecting in ${wait} s`,
    };
    setText($('link-text'), isPaused ? `Paused for ${ago((Date.now() - pausedWall) / 1000)}` : words[linkState]);
    const isLost = linkState === 'waiting' || (linkState === 'connecting' && tries > 0);
    $('banner').hidden = !isLost;
    if (isLost) {
      const since = latest ? ` What you see ended at ${clock(latest * 1000)}.` : '';
      setText($('banner-text'), `The gateway does not answer.${since} ` + (wait > 0 && linkState === 'waiting'
        ? `Next try in ${wait} s.` : 'Trying…'));
    }
  }

  // --- Drawing, at most once a frame and not while nobody sees it

  let isScheduled = false;

  function schedule() {
    if (isScheduled || document.hidden) return;
    isScheduled = true;
    requestAnimationFrame(() => { isScheduled = false; if (hello) render(); });
  }

  let requestTimer = 0;

  function scheduleRequests() {
    if (requestTimer || document.hidden) return;
    requestTimer = setTimeout(() => { requestTimer = 0; renderRequests(); }, 250);
  }

  function render() {
    renderTiles();
    renderAlarms();
    renderStages();
    renderCharts();
    renderRoutes();
    renderRoutePanel();
    renderRequests();
  }

  // --- Head

  function renderHello() {
    setText($('api-name'), hello.api.name || 'Portico');
    setText($('version'), `Portico ${hello.version}`);
    const select = $('stage');
    select.replaceChildren(make('option', { value: '' }, 'All stages'),
      ...stages.map((stage) => make('option', { value: stage.name }, stage.name)));
    select.value = view.stage;
    const list = [['API id', hello.api.id], ['Region', hello.api.region], ...hello.settings.map((one) => [one.name, one.value])];
    $('setting-list').replaceChildren(...list.filter(([, value]) => value)
      .map(([name, value]) => fact(name, value, true)));
  }

  function fact(name, value, isMono, isWide) {
    return make('div', { class: isWide ? 'whole' : null }, make('dt', null, name), make('dd', { class: isMono ? 'mono' : '' }, value));
  }

  function renderFacts() {
    const facts = [];
    const add = (value, words) => facts.push(make('span', null, make('b', null, value), ' ' + words));
    if (gauges.underWay !== undefined) add(count(gauges.underWay), 'under way');
    if (gauges.connections !== undefined) add(count(gauges.connections), 'connections');
    if (gauges.memoryBytes !== undefined) add(text(bytes(gauges.memoryBytes)), 'memory');
    if (hello.started) add(ago(latest ? latest - hello.started / 1000 : (hello.time - hello.started) / 1000), 'up');
    if (pausedAt === null) $('facts').replaceChildren(...facts);
  }

  // --- Tiles

  function renderTiles() {
    const to = end() + 1;
    const from = to - view.window;
    const series = scopeSeries();
    const totals = Totals.of(series, from, to);
    const known = seconds(from, to);
    const recent = Math.max(3, series.width);
    const now = seconds(to - recent, to);
    const span = `in ${windowName(view.window)}`;
    const show = (name, value, sub, level) => {
      const element = document.querySelector(`[data-kpi="${name}"]`);
      setValue(element, value);
      element.closest('.tile').dataset.level = level ?? '';
      if (sub !== undefined) setText(document.querySelector(`[data-sub="${name}"]`), sub);
    };
    const current = now ? Totals.of(series, to - recent, to).requests / now : null;
    show('rate', known ? rate(current) : NONE,
      known ? `${count(totals.requests)} ${span}, ø ${text(rate(totals.requests / known))}` : 'no data yet');
    document.querySelector('[data-sub="rate"]').title = known ? `${grouped.format(totals.requests)} requests until ${clock(to * 1000)}` : '';
    for (const [name, share] of [['p50', 0.5], ['p95', 0.95], ['p99', 0.99]]) {
      setValue(document.querySelector(`[data-kpi="${name}"]`), time(quantile(totals.latency, share)));
    }
    const backend = quantile(totals.integrationLatency, 0.95);
    setText(document.querySelector('[data-sub="latency"]'), totals.requests === 0 ? `no requests ${span}`
      : backend === null ? `all requests ${span}, no calls of backends` : `calls of backends: p95 ${text(time(backend))}`);
    const errors = (name, bad) => {
      const share = totals.requests ? totals[name] / totals.requests : 0;
      show(name, percent(totals[name], totals.requests),
        totals.requests ? `${count(totals[name])} of ${count(totals.requests)}` : `no requests ${span}`,
        share >= bad ? 'bad' : share >= bad / 5 ? 'warn' : '');
    };
    errors('clientErrors', 0.25);
    errors('serverErrors', 0.01);
    const looks = totals.cacheHits + totals.cacheMisses;
    show('cache', percent(totals.cacheHits, looks),
      looks ? `${count(totals.cacheHits)} of ${count(looks)} look-ups` : 'no look-ups');
    show('throttled', totals.requests ? [count(totals.throttled)] : NONE,
      totals.requests ? `answers 429, ${text(percent(totals.throttled, totals.requests))}` : `no requests ${span}`,
      totals.throttled > 0 ? 'warn' : '');
    renderFacts();
    const quick = Totals.of(total, end() - 2, end() + 1);
    const firing = alarms.filter((alarm) => alarm.state === 'ALARM').length;
    document.title = `${firing ? `▲ ${firing} · ` : ''}${text(rate(quick.requests / (seconds(end() - 2, end() + 1) || 1)))} · ${hello.api.name || 'Portico'}`;
  }

  // --- Alarms and stages

  const alarmStage = (alarm) => (alarm.stage === undefined || alarm.stage === null ? '' : stages[alarm.stage]?.name ?? '');

  function renderAlarms() {
    const firing = alarms.filter((alarm) => alarm.state === 'ALARM');
    const strip = $('alarm-strip');
    strip.hidden = firing.length === 0;
    const key = JSON.stringify(firing);
    if (strip.dataset.key === key) return;
    strip.dataset.key = key;
    strip.replaceChildren(...firing.slice(0, 5).map((alarm) => make('div', null,
      make('b', null, `▲ ${alarm.name}`), ' ',
      make('span', null, [alarmStage(alarm), alarm.since ? `since ${clock(alarm.since)}` : '', alarm.reason]
        .filter(Boolean).join(' · ')))));
    if (firing.length > 5) strip.append(make('span', null, `and ${firing.length - 5} more`));
  }

  const cards = new Map();

  function renderStages() {
    const box = $('stages');
    setText($('stage-count'), stages.length ? String(stages.length) : '');
    if (stages.length === 0) {
      box.replaceChildren(make('p', { class: 'empty' }, 'No stage is deployed.'));
      cards.clear();
      return;
    }
    const to = end() + 1;
    const from = to - view.window;
    const known = seconds(from, to);
    const list = stages.map((stage, index) => {
      const own = alarms.filter((alarm) => alarm.stage === index || alarm.stage === undefined || alarm.stage === null);
      const key = JSON.stringify([stage, own]);
      let card = cards.get(stage.name);
      if (!card || card.key !== key) {
        card = makeCard(stage, own);
        card.key = key;
        cards.set(stage.name, card);
      }
      const totals = Totals.of(stageSeries.get(stage.name), from, to);
      setValue(card.values.rate, rate(known ? totals.requests / known : null));
      setValue(card.values.p95, time(quantile(totals.latency, 0.95)));
      setValue(card.values.client, percent(totals.clientErrors, totals.requests));
      setValue(card.values.server, percent(totals.serverErrors, totals.requests));
      card.element.classList.toggle('selected', view.stage === stage.name);
      card.element.classList.toggle('alarmed', own.some((alarm) => alarm.state === 'ALARM'));
      card.button.setAttribute('aria-pressed', String(view.stage === stage.name));
      return card.element;
    });
    for (const name of cards.keys()) if (!stages.some((stage) => stage.name === name)) cards.delete(name);
    if (list.length !== box.children.length || list.some((element, index) => box.children[index] !== element)) {
      box.replaceChildren(...list);
    }
  }

  function makeCard(stage, own) {
    const button = make('button', {
      type: 'button', title: 'Show only this stage',
      onclick: () => { view.stage = view.stage === stage.name ? '' : stage.name; view.route = ''; changed(); },
    }, stage.name);
    const values = {};
    const value = (name, label) => { values[name] = make('dd', null, '–'); return make('div', null, make('dt', null, label), values[name]); };
    const chips = [];
    if (stage.cache) chips.push(make('span', { class: 'chip accent' }, 'cache'));
    if (stage.throttle) chips.push(make('span', { class: 'chip' }, throttleText(stage.throttle)));
    if (stage.logging && stage.logging !== 'OFF') chips.push(make('span', { class: 'chip' }, `log ${stage.logging}`));
    if (!own.length) chips.push(make('span', { class: 'chip' }, 'no alarms'));
    const order = { ALARM: 0, INSUFFICIENT_DATA: 1, OK: 2 };
    const words = { ALARM: 'in alarm', INSUFFICIENT_DATA: 'not enough data', OK: 'ok' };
    const element = make('article', { class: 'card', data: { stage: stage.name } },
      make('div', { class: 'card-head' }, button,
        make('span', { class: 'deployment', title: 'Deployment' }, stage.deployment ?? '')),
      make('dl', null, value('rate', 'requests'), value('p95', 'p95'), value('client', '4xx'), value('server', '5xx')),
      stage.canary && make('div', { class: 'canary' }, make('b', null, `canary ${stage.canary.percent} %`),
        make('progress', { max: '100', value: String(stage.canary.percent), 'aria-label': 'Share of the canary' }),
        make('span', { title: 'Deployment of the canary' }, stage.canary.deployment ?? '')),
      chips.length ? make('div', { class: 'chips' }, ...chips) : null,
      own.length ? make('ul', { class: 'alarms', 'aria-label': 'Alarms' }, ...[...own]
        .sort((a, b) => (order[a.state] ?? 3) - (order[b.state] ?? 3)).slice(0, 6)
        .map((alarm) => make('li', { data: { state: alarm.state }, title: alarm.reason ?? '' }, make('i'),
          make('b', null, alarm.name), make('span', null, words[alarm.state] ?? alarm.state)))) : null);
    return { element, button, values };
  }

  const throttleText = (throttle) => `${text(rate(throttle.rate))}, burst ${count(throttle.burst)}`;

  // --- Charts

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

  /** Places of lines of a scale: round numbers up to `top`, in units that people read. */
  function steps(top, unit) {
    // Microseconds become milliseconds and seconds at powers of ten, so they are round as well.
    const rough = top / (unit === rate && top < 4 ? 2 : 3);
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
    const result = [];
    for (let value = 0; value <= top * 1.0001; value += step) result.push(value);
    return result;
  }

  function draw(chart) {
    const { spec, canvas, plot } = chart;
    const data = chart.data ?? [];
    const width = plot.clientWidth;
    const height = plot.clientHeight;
    if (!width || !height) return;
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const pen = canvas.getContext('2d');
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.font = '11px system-ui, sans-serif';
    const to = end() + 1;
    const from = to - view.window;
    const x = (second) => LEFT + ((second - from) / view.window) * (width - LEFT - RIGHT);
    const isLogarithmic = Boolean(spec.scale && view.logarithmic);

    let top = 0;
    let low = Infinity;
    for (const values of data) {
      if (!values) continue;
      const some = values.filter((value) => value !== null);
      const sum = spec.kind === 'stack' ? some.reduce((a, b) => a + b, 0) : Math.max(0, ...some);
      top = Math.max(top, sum);
      low = Math.min(low, ...some.filter((value) => value > 0));
    }
    const isEmpty = !data.some((values) => values?.some((value) => value !== null));
    const isFlat = top === 0;
    top = spec.top ?? (isFlat ? 1 : top * 1.08);
    const base = isLogarithmic && low < Infinity ? 10 ** Math.floor(Math.log10(low)) : 0;
    if (isLogarithmic) top = Math.max(top, base * 10);
    const y = (value) => {
      const room = height - TOP - BOTTOM;
      const share = isLogarithmic && base
        ? Math.log10(Math.max(value, base) / base) / Math.log10(top / base) : value / top;
      return TOP + room * (1 - share);
    };

    // Scales
    pen.textBaseline = 'middle';
    pen.textAlign = 'right';
    pen.lineWidth = 1;
    let lines = isFlat && !spec.top ? [0] : steps(top, spec.unit);
    if (isLogarithmic && base) {
      lines = [];
      for (let value = base; value <= top; value *= 10) lines.push(value);
    }
    for (const value of lines) {
      const place = Math.round(y(value)) + 0.5;
      pen.strokeStyle = colors.line;
      pen.beginPath();
      pen.moveTo(LEFT, place);
      pen.lineTo(width - RIGHT, place);
      pen.stroke();
      pen.fillStyle = colors.soft;
      pen.fillText(axisText(spec, value), LEFT - 6, place);
    }
    pen.textBaseline = 'alphabetic';
    const every = view.window <= 60 ? 15 : view.window <= 300 ? 60 : 180;
    const halves = width < 420 ? every * 2 : every;
    for (let second = Math.ceil(from / halves) * halves; second < to; second += halves) {
      const place = x(second);
      if (place < LEFT + 8) continue;
      const label = view.window <= 60 ? clock(second * 1000) : clock(second * 1000).slice(0, 5);
      pen.textAlign = place > width - 24 ? 'right' : 'center';
      pen.fillStyle = colors.soft;
      pen.fillText(label, Math.min(place, width - RIGHT), height - 4);
    }

    // Values
    pen.save();
    pen.beginPath();
    pen.rect(LEFT, 0, width - LEFT - RIGHT, height - BOTTOM + 1);
    pen.clip();
    if (spec.kind === 'stack') drawStack(pen, spec, data, x, y);
    else drawLines(pen, spec, data, x, y);

    for (const one of marks) {
      if (one.time < from || one.time > to) continue;
      const place = Math.round(x(one.time)) + 0.5;
      pen.strokeStyle = pen.fillStyle = one.kind === 'alarm' ? colors.bad : colors.accent;
      pen.setLineDash([3, 3]);
      pen.beginPath();
      pen.moveTo(place, TOP);
      pen.lineTo(place, height - BOTTOM);
      pen.stroke();
      pen.setLineDash([]);
      pen.textAlign = place > width - 130 ? 'right' : 'left';
      pen.fillText(one.label, place + (pen.textAlign === 'left' ? 4 : -4), TOP + 9);
    }
    const index = cursor === null || columns.length === 0 ? -1
      : Math.min(columns.length - 1, Math.max(0, Math.floor((cursor - columns[0].start) / columns[0].width)));
    if (index >= 0) {
      const place = Math.round(x(columns[index].start + columns[index].width / 2)) + 0.5;
      pen.strokeStyle = colors.soft;
      pen.beginPath();
      pen.moveTo(place, TOP);
      pen.lineTo(place, height - BOTTOM);
      pen.stroke();
    }
    pen.restore();

    // Texts beside the picture
    let shown = index;
    if (shown < 0) for (shown = data.length - 1; shown > 0 && !data[shown]; shown -= 1);
    const values = data[shown];
    chart.values.forEach((element, number) => setText(element, text(values ? spec.unit(values[number]) : NONE)));
    setText(chart.at, index >= 0 ? `at ${clock(columns[index].start * 1000)}` : '');
    chart.note.hidden = !isEmpty;
    setText(chart.note, latest === 0 ? 'no data yet' : spec.id === 'traffic' || spec.id === 'errors' ? 'no data in this time' : 'no requests in this time');
  }

  function axisText(spec, value) {
    if (spec.unit === time) return value === 0 ? '0' : value < 1000 ? `${value} µs` : value < 1e6 ? `${+(value / 1000).toFixed(2)} ms` : `${+(value / 1e6).toFixed(2)} s`;
    if (spec.top === 100) return `${value} %`;
    return value === 0 ? '0' : value < 1000 ? `${+value.toFixed(2)}/s` : `${+(value / 1000).toFixed(2)} k/s`;
  }

  function drawStack(pen, spec, data, x, y) {
    for (let index = 0; index < data.length; index += 1) {
      if (!data[index]) continue;
      const left = x(columns[index].start);
      const right = x(columns[index].start + columns[index].width);
      const gap = right - left > 4 ? 1 : 0;
      let sum = 0;
      spec.series.forEach((one, number) => {
        const value = data[index][number];
        if (!value) return;
        pen.fillStyle = colors[one.color];
        const high = y(sum + value);
        // What happened is seen, however small it is beside the rest.
        pen.fillRect(left, Math.min(high, y(sum) - 1), right - left - gap, Math.max(1, y(sum) - high));
        sum += value;
      });
    }
  }

  function drawLines(pen, spec, data, x, y) {
    spec.series.forEach((one, number) => {
      pen.strokeStyle = pen.fillStyle = colors[one.color];
      pen.lineWidth = one.isDashed ? 1.2 : 1.7;
      pen.lineJoin = 'round';
      pen.setLineDash(one.isDashed ? [4, 3] : []);
      pen.beginPath();
      let isDown = false;
      for (let index = 0; index < data.length; index += 1) {
        const value = data[index]?.[number] ?? null;
        if (value === null) { isDown = false; continue; }
        const across = x(columns[index].start + columns[index].width / 2);
        const isAlone = !isDown && (data[index + 1]?.[number] ?? null) === null;
        if (isAlone) pen.rect(across - 1, y(value) - 1, 2, 2);
        else if (isDown) pen.lineTo(across, y(value));
        else pen.moveTo(across, y(value));
        isDown = true;
      }
      pen.stroke();
      pen.setLineDash([]);
    });
    pen.lineWidth = 1;
  }

  // --- Rows that keys walk through

  /** One row can be reached by the tab key; the others by up and down from there. */
  function walk(body) {
    body.addEventListener('keydown', (event) => {
      const links = [...body.querySelectorAll('.rowlink')];
      const place = links.indexOf(document.activeElement);
      if (place < 0) return;
      const next = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: links.length - 1 }[event.key];
      if (next === undefined || !links[next]) return;
      event.preventDefault();
      links[next].focus();
    });
    body.addEventListener('focusin', (event) => {
      if (!event.target.classList.contains('rowlink')) return;
      for (const link of body.querySelectorAll('.rowlink[tabindex="0"]')) link.tabIndex = -1;
      event.target.tabIndex = 0;
    });
  }

  function keepOneReachable(body) {
    if (!body.querySelector('.rowlink[tabindex="0"]')) {
      const link = body.querySelector('.rowlink');
      if (link) link.tabIndex = 0;
    }
  }

  /** Whether rows stay where they are, because somebody points at them or walks through them. */
  const isHeld = (body) => body.matches(':hover') || (body.contains(document.activeElement) && body.querySelector(':focus-visible') !== null);

  /** Brings rows into an order, moving as few as it takes. */
  function arrange(body, rows) {
    let place = body.firstElementChild;
    for (const row of rows) {
      if (row === place) place = place.nextElementSibling;
      else body.insertBefore(row, place);
    }
    while (place) { const next = place.nextElementSibling; place.remove(); place = next; }
  }

  const verb = (method) => make('span', { class: `verb verb-${method}` }, method);

  // --- Routes

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
    { id: 'integration', title: 'Integration', wide: true, value: (row) => row.route.integration },
  ];

  /** Routes without requests stand behind those whose requests went well. */
  const share = (number, row) => (row.totals.requests ? number / row.totals.requests : -1);

  function makeRouteHead() {
    $('routes').tHead.rows[0].replaceChildren(...ROUTE_COLUMNS.map((column) => make('th', {
      scope: 'col', data: { column: column.id },
      class: [column.number ? 'number' : '', column.wide ? 'wide-only' : ''].join(' ').trim(),
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
    const link = make('button', { type: 'button', class: 'rowlink', tabindex: '-1', title: `${route.method} ${route.path}` }, verb(route.method), make('span', { class: 'path' }, route.path));
    const element = make('tr', { data: { route: route.key } }, ...ROUTE_COLUMNS.map((column) => {
      const cell = make('td', { class: [column.number ? 'number' : '', column.wide ? 'wide-only' : '', column.id === 'integration' ? 'integration' : ''].join(' ').trim() });
      cells[column.id] = cell;
      return cell;
    }));
    cells.route.append(link);
    cells.stage.textContent = route.stageName;
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
      cells.server.classList.toggle('bad', totals.serverErrors > 0);
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

  // --- Requests

  const requestRows = new Map();
  let shownRequests = [];

  function filteredRequests() {
    const words = view.requestFilter.toLowerCase().split(/\s+/).filter(Boolean);
    return [...went, ...failed].filter((request) =>
      (!view.stage || request.stageName === view.stage) && (!view.route || request.routeKey === view.route)
      && (view.statusClass === 'all' || String(request.status)[0] === view.statusClass)
      && request.duration >= view.slower && words.every((word) => request.found.includes(word)))
      .sort((a, b) => b.time - a.time || (a.id < b.id ? 1 : -1)).slice(0, REQUEST_ROWS);
  }

  function renderRequests(isForced) {
    if (!hello) return;
    const body = $('requests').tBodies[0];
    const signature = [view.requestFilter, view.stage, view.route, view.statusClass, view.slower].join('\n');
    const isOther = body.dataset.signature !== signature;
    const list = filteredRequests();
    const held = $('held');
    if (!isForced && !isOther && shownRequests.length > 0 && (isHeld(body) || pausedAt !== null)) {
      const known = new Set(shownRequests.map((request) => request.id));
      const fresh = list.filter((request) => !known.has(request.id)).length;
      held.hidden = fresh === 0;
      setText(held, `${fresh}${fresh >= REQUEST_ROWS ? '+' : ''} newer; show them`);
      return;
    }
    body.dataset.signature = signature;
    held.hidden = true;
    shownRequests = list;
    const longest = Math.max(1, ...list.map((request) => request.duration));
    const used = new Set();
    const rows = list.map((request) => {
      used.add(request.id);
      let row = requestRows.get(request.id);
      if (!row) { row = makeRequestRow(request); requestRows.set(request.id, row); }
      row.bar.style.width = `${Math.max(2, Math.sqrt(request.duration / longest) * 86)}%`;
      row.element.classList.toggle('selected', opened === request.id);
      return row.element;
    });
    arrange(body, rows);
    for (const id of requestRows.keys()) if (!used.has(id)) requestRows.delete(id);
    keepOneReachable(body);
    const all = went.length + failed.length;
    setText($('request-count'), all === 0 ? '' : (list.length === Math.min(all, REQUEST_ROWS) ? String(list.length) : `${list.length} of ${all}`)
      + (skipped ? `, ${count(skipped)} more went by` : ''));
    const empty = $('requests-empty');
    empty.hidden = list.length > 0;
    setText(empty, all === 0 ? 'Requests show up here as they are answered.' : 'None of the last requests matches the filters.');
  }

  const statusMark = (status) => make('span', { class: `status status-${String(status)[0]}` }, String(status));

  function outcome(request) {
    const chips = [];
    if (request.fault) chips.push(make('span', { class: `chip ${request.status >= 500 ? 'bad' : 'warn'}` }, request.fault));
    if (request.cache) chips.push(make('span', { class: `chip ${request.cache === 'HIT' ? 'good' : ''}` }, `cache ${request.cache.toLowerCase()}`));
    return chips;
  }

  function makeRequestRow(request) {
    const bar = make('i');
    const element = make('tr', { data: { request: request.id, status: String(request.status) } },
      make('td', { class: 'time' }, clock(request.time), make('span', { class: 'fraction' }, clock(request.time, true).slice(8))),
      make('td', null, statusMark(request.status)),
      make('td', null, make('button', { type: 'button', class: 'rowlink', tabindex: '-1', title: `${request.method} ${request.path}` }, verb(request.method), make('span', { class: 'path' }, request.path))),
      make('td', { class: 'wide-only' }, request.stageName || '–'),
      make('td', { class: 'number duration' }, bar, text(time(request.duration))),
      make('td', { class: 'wide-only' }, make('div', { class: 'chips' }, ...outcome(request))));
    element.addEventListener('click', () => open(request));
    return { element, bar };
  }

  // --- One request

  let opened = null;

  const PHASES = {
    receive: 'Receive', match: 'Match', authorize: 'Authorize', throttle: 'Throttle', validate: 'Validate',
    cache: 'Cache', mapRequest: 'Map request', integrate: 'Integrate', mapResponse: 'Map response', respond: 'Respond',
  };

  async function open(request) {
    opened = request.id;
    for (const [id, row] of requestRows) row.element.classList.toggle('selected', id === request.id);
    const place = shownRequests.findIndex((one) => one.id === request.id);
    $('detail-newer').disabled = place <= 0;
    $('detail-older').disabled = place < 0 || place >= shownRequests.length - 1;
    $('detail-line').replaceChildren(statusMark(request.status), make('b', null, text(time(request.duration))), make('span', null, `at ${clock(request.time, true)}`), ...outcome(request));
    $('detail-title').textContent = `${request.method} ${request.path}`;
    const body = $('detail-body');
    body.replaceChildren(make('p', { class: 'empty' }, 'Reading…'));
    const isNew = $('detail').hidden;
    $('detail').hidden = false;
    if (isNew) $('detail-title').focus();
    let problem;
    let isGone = false;
    try {
      const answer = await fetch(`/dashboard/requests/${encodeURIComponent(request.id)}`, { cache: 'no-store' });
      if (opened !== request.id) return;
      if (answer.ok) return fillDetail(body, request, await answer.json());
      isGone = answer.status === 404;
      problem = isGone
        ? 'The gateway does not keep this request any more: it keeps the last few hundred only.' : `The gateway answered ${answer.status}.`;
    } catch {
      if (opened !== request.id) return;
      problem = 'The gateway does not answer.';
    }
    body.replaceChildren(make('div', { class: 'empty', role: 'alert' }, make('p', null, problem),
      isGone ? null : make('button', { type: 'button', class: 'toggle', onclick: () => open(request) }, 'Try again')), requestFacts(request));
  }

  function closeDetail() {
    if (opened === null) return;
    const link = requestRows.get(opened)?.element.querySelector('.rowlink');
    opened = null;
    $('detail').hidden = true;
    for (const row of requestRows.values()) row.element.classList.remove('selected');
    (link ?? $('request-filter')).focus({ preventScroll: true });
  }

  function stepDetail(step) {
    const place = shownRequests.findIndex((one) => one.id === opened);
    const next = place < 0 ? undefined : shownRequests[place + step];
    if (next) open(next);
  }

  function copyable(value) {
    return make('button', { type: 'button', class: 'copy', title: 'Copy', onclick: async (event) => {
      event.stopPropagation();
      try { await navigator.clipboard.writeText(value); announce('Copied.'); } catch { announce('Copying is not allowed.'); }
    } }, value);
  }

  function requestFacts(request, detail) {
    const route = [...routes.values()].find((one) => one.key === request.routeKey);
    const facts = [fact('Request id', copyable(request.requestId)), fact('Stage', request.stageName || 'none'),
      fact('Route', route ? `${route.method} ${route.path}` : 'none matched', Boolean(route))];
    const series = routeSeries.get(request.routeKey);
    if (series) {
      const share = rank(Totals.of(series, end() + 1 - view.window, end() + 1).latency, request.duration);
      if (share !== null) facts.push(fact('Compared with its route', `slower than ${text(percent(share, 1))} in ${windowName(view.window)}`));
    }
    facts.push(fact('Request', text(bytes(request.requestBytes ?? 0))), fact('Response', text(bytes(request.responseBytes ?? 0))));
    if (request.fault) facts.push(fact('Gateway response', request.fault, true));
    if (detail?.pathTruncated) facts.push(fact('Path', 'shown in part'));
    if (route) facts.push(fact('Integration', route.integration, true, true));
    return make('section', null, make('dl', { class: 'facts-grid' }, ...facts));
  }

  function fillDetail(body, request, detail) {
    const phases = [...detail.phases].sort((a, b) => a.start - b.start);
    const backend = phases.filter((phase) => phase.phase === 'integrate').reduce((sum, phase) => sum + phase.duration, 0);
    const own = Math.max(0, detail.duration - backend);
    const split = make('div', { class: 'split', 'aria-hidden': 'true' }, make('i'), backend ? make('i') : null);
    [own, backend].forEach((part, index) => {
      if (split.children[index]) split.children[index].style.width = `${(part / Math.max(detail.duration, 1)) * 100}%`;
    });
    const rows = make('div', { class: 'waterfall', id: 'waterfall', role: 'list', 'aria-label': 'Phases' });
    const scale = make('button', {
      type: 'button', class: 'toggle', id: 'own-scale', 'aria-pressed': 'false', title: 'Leave out the time of the backend',
      onclick: () => {
        const isOn = scale.getAttribute('aria-pressed') !== 'true';
        scale.setAttribute('aria-pressed', String(isOn));
        fillWaterfall(rows, phases, detail.duration, isOn);
      },
    }, 'gateway only');
    fillWaterfall(rows, phases, detail.duration, false);
    const passed = new Set(phases.map((phase) => phase.phase));
    const missed = (hello.phases ?? Object.keys(PHASES)).filter((name) => !passed.has(name));
    const timeline = make('section', null, make('h3', null, 'Phases', backend && own ? scale : null), split,
      make('div', { class: 'split-text' }, make('span', null, 'gateway ', make('b', null, text(time(own)))),
        backend ? make('span', null, 'backend ', make('b', null, text(time(backend)))) : make('span', null, 'no call of a backend')),
      rows,
      missed.length ? make('p', { class: 'sub' }, `not passed: ${missed.map((name) => (PHASES[name] ?? name).toLowerCase()).join(', ')}`) : null);
    body.replaceChildren(requestFacts(request, detail),
      phases.length ? timeline : make('p', { class: 'empty' }, 'No phases were recorded.'), logSection(request, detail));
    body.scrollTop = 0;
  }

  /** Bars of the phases; with `isOwn` as if the backend had taken no time. */
  function fillWaterfall(rows, phases, duration, isOwn) {
    const list = [];
    let left = 0;
    for (const phase of phases) {
      const isBackend = phase.phase === 'integrate';
      if (!(isBackend && isOwn)) list.push({ ...phase, start: phase.start - left, isBackend });
      else left += phase.duration;
    }
    const whole = Math.max(duration - left, 1, ...list.map((phase) => phase.start + phase.duration));
    rows.replaceChildren(...list.flatMap((phase) => {
      const bar = make('i', { class: phase.isBackend ? 'backend' : '' });
      const start = Math.min((phase.start / whole) * 100, 99.6);
      bar.style.left = `${start}%`;
      bar.style.width = `${Math.min((phase.duration / whole) * 100, 100 - start)}%`;
      return [make('span', { role: 'listitem' }, PHASES[phase.phase] ?? phase.phase),
        make('div', { class: 'track', title: `begins after ${text(time(phase.start))}` }, bar),
        make('span', { class: 'value' }, text(time(phase.duration))),
        make('span', { class: 'share' }, text(percent(phase.duration, whole)))];
    }));
  }

  function logSection(request, detail) {
    const title = make('h3', null, 'Execution log');
    if (!detail.log) {
      return make('section', null, title, make('p', { class: 'sub' }, 'None: the stage logs nothing of this request. Set loggingLevel, or start with --execution-log INFO.'));
    }
    const prefix = `(${request.requestId}) `;
    const lines = detail.log.replace(/\n$/, '').split('\n').map((line) => (line.startsWith(prefix) ? line.slice(prefix.length) : line));
    title.append(make('button', { type: 'button', class: 'toggle', onclick: async () => {
      try { await navigator.clipboard.writeText(detail.log); announce('Copied.'); } catch { announce('Copying is not allowed.'); }
    } }, 'Copy'));
    const log = make('div', { class: 'log', id: 'log', tabindex: '0' }, ...lines.map((line) => make('div', {
      class: /^Execution failed|error|broke off/i.test(line) && request.status >= 400 ? 'fault' : '',
    }, line)));
    if (detail.logTruncated) log.append(make('div', null, '… the rest was not kept'));
    return make('section', null, title, log);
  }

  // --- Choices of the user

  function changed(isSort) {
    if (!isSort) { view.allRoutes = false; $('stage').value = view.stage; }
    writeHash();
    renderChoices();
    if (hello) { render(); renderRequests(true); }
  }

  function renderChoices() {
    for (const button of $('windows').children) check(button, Number(button.dataset.seconds) === view.window);
    for (const button of $('classes').children) check(button, button.dataset.class === view.statusClass);
    $('route-active').checked = view.onlyActive;
  }

  function check(button, isOn) {
    button.setAttribute('aria-checked', String(isOn));
    button.tabIndex = isOn ? 0 : -1;
  }

  function radios(box, take) {
    box.addEventListener('click', (event) => { const button = event.target.closest('[role="radio"]'); if (button) take(button); });
    box.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const list = [...box.children];
      const next = list[(list.indexOf(document.activeElement) + step + list.length) % list.length];
      next.focus();
      take(next);
    });
  }

  function setPaused(isPaused) {
    if (isPaused === (pausedAt !== null)) return;
    pausedAt = isPaused ? latest : null;
    pausedWall = Date.now();
    $('pause').setAttribute('aria-pressed', String(isPaused));
    setText($('pause').lastElementChild, isPaused ? 'Go on' : 'Pause');
    announce(isPaused ? 'Paused.' : 'Live.');
    renderLink();
    if (hello) { render(); if (!isPaused) renderRequests(true); }
  }

  const THEMES = ['auto', 'light', 'dark'];
  let theme = 'auto';

  function setTheme(name) {
    theme = THEMES.includes(name) ? name : 'auto';
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    const title = theme[0].toUpperCase() + theme.slice(1);
    setText($('theme-text'), title);
    $('theme').setAttribute('aria-label', `Theme: ${title}`);
    try { localStorage.setItem('portico-theme', theme); } catch { /* Storage may be off; the choice then lasts as long as the page. */ }
    readColors();
    drawCharts();
    if (hello) renderRoutes();
  }

  const nextTheme = () => setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]);

  // What is shown stands in the address, so that it survives a reload and can be handed on.

  function writeHash() {
    const parts = new URLSearchParams();
    if (view.window !== 300) parts.set('window', String(view.window));
    if (view.stage) parts.set('stage', view.stage);
    if (view.route) parts.set('route', view.route);
    if (view.sort !== 'rate' || view.ascending) parts.set('sort', (view.ascending ? '+' : '-') + view.sort);
    if (view.routeFilter) parts.set('routes', view.routeFilter);
    if (view.onlyActive) parts.set('active', '1');
    if (view.requestFilter) parts.set('requests', view.requestFilter);
    if (view.statusClass !== 'all') parts.set('status', view.statusClass);
    const hash = parts.toString();
    history.replaceState(null, '', hash ? `#${hash}` : location.pathname);
  }

  function readHash() {
    const parts = new URLSearchParams(location.hash.slice(1));
    const wanted = Number(parts.get('window'));
    view.window = [60, 300, 900].includes(wanted) ? wanted : 300;
    view.stage = parts.get('stage') ?? '';
    view.route = parts.get('route') ?? '';
    const sort = parts.get('sort') ?? '';
    const column = ROUTE_COLUMNS.find((one) => one.value && one.id === sort.slice(1));
    view.sort = column?.id ?? 'rate';
    view.ascending = Boolean(column) && sort[0] === '+';
    view.routeFilter = parts.get('routes') ?? '';
    view.onlyActive = parts.get('active') === '1';
    view.requestFilter = parts.get('requests') ?? '';
    view.statusClass = ['2', '3', '4', '5'].includes(parts.get('status')) ? parts.get('status') : 'all';
    $('route-filter').value = view.routeFilter;
    $('request-filter').value = view.requestFilter;
  }

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || $('help').open) return;
    const isTyping = event.target.matches('input, select, textarea');
    if (event.key === 'Escape') {
      if (isTyping && event.target.value && event.target.type === 'search') return;
      if (opened !== null) closeDetail();
      else if (view.route) { view.route = ''; changed(); }
      return;
    }
    if (isTyping) return;
    const act = {
      p: () => setPaused(pausedAt === null), t: nextTheme, '?': () => $('help').showModal(),
      '/': () => $('route-filter').focus(), r: () => $('request-filter').focus(),
      1: () => setWindow(60), 2: () => setWindow(300), 3: () => setWindow(900),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  function setWindow(length) { view.window = length; changed(); }

  function begin() {
    let stored = 'auto';
    try { stored = localStorage.getItem('portico-theme') ?? 'auto'; } catch { /* Storage may be off. */ }
    makeCharts();
    makeRouteHead();
    readHash();
    setTheme(stored);
    renderChoices();
    walk($('routes').tBodies[0]);
    walk($('requests').tBodies[0]);
    radios($('windows'), (button) => setWindow(Number(button.dataset.seconds)));
    radios($('classes'), (button) => { view.statusClass = button.dataset.class; changed(); });
    $('stage').addEventListener('change', () => { view.stage = $('stage').value; view.route = ''; changed(); });
    $('route-clear').addEventListener('click', () => { view.route = ''; changed(); $('stage').focus(); });
    $('route-filter').addEventListener('input', () => { view.routeFilter = $('route-filter').value; changed(); });
    $('route-active').addEventListener('change', () => { view.onlyActive = $('route-active').checked; changed(); });
    $('request-filter').addEventListener('input', () => { view.requestFilter = $('request-filter').value; changed(); });
    $('slower').addEventListener('change', () => { view.slower = Number($('slower').value); changed(); });
    $('routes-more').addEventListener('click', () => { view.allRoutes = !view.allRoutes; renderRoutes(); });
    $('held').addEventListener('click', () => renderRequests(true));
    $('requests').tBodies[0].addEventListener('pointerleave', () => scheduleRequests());
    $('pause').addEventListener('click', () => setPaused(pausedAt === null));
    $('theme').addEventListener('click', nextTheme);
    $('help-open').addEventListener('click', () => $('help').showModal());
    $('retry').addEventListener('click', connect);
    $('link').addEventListener('click', () => { if (linkState === 'waiting') connect(); else if (linkState === 'live') setPaused(pausedAt === null); });
    $('detail-close').addEventListener('click', closeDetail);
    $('detail-newer').addEventListener('click', () => stepDetail(-1));
    $('detail-older').addEventListener('click', () => stepDetail(1));
    document.addEventListener('keydown', keys);
    document.addEventListener('visibilitychange', () => { if (!document.hidden && hello) render(); });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => setTheme(theme));
    window.addEventListener('hashchange', () => { readHash(); changed(); });
    setInterval(watch, 500);
    connect();
  }

  begin();
})();
