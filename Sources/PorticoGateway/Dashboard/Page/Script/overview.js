// Name, key figures, alarms and stages.

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
