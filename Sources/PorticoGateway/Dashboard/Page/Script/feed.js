// Takes what the gateway tells. The contract is in docs/dashboard.md.

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
