// What both tables share: keys, order, rows that stay where they are.

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
