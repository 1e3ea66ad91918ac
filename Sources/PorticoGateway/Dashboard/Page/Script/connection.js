// The stream of events: how it is opened, lost and opened again, and when the page is drawn for it.

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
