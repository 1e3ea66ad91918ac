// What is known of the gateway, and what the user has chosen to see.

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
