// What the user does: controls, keys, theme, address. The last file: it starts the page.

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
