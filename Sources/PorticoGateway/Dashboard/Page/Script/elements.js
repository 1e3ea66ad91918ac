// Limits of what is kept and drawn, and elements. Nothing here makes HTML from text.

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
