// One request: its phases and its execution log.

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
