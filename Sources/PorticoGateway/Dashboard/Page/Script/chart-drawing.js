// How a chart is drawn on its canvas.

/** Places of lines of a scale: round numbers up to `top`, in units that people read. */
function steps(top, unit) {
  // Microseconds become milliseconds and seconds at powers of ten, so they are round as well.
  const rough = top / (unit === rate && top < 4 ? 2 : 4);
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
