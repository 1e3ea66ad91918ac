// The list of the last requests.

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
