// Numbers as people read them: pairs of a number and its unit.

const NONE = ['–'];
const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

function count(value) {
  if (value < 10000) return grouped.format(value);
  return value < 1e6 ? (value / 1e3).toPrecision(3) + ' k' : (value / 1e6).toPrecision(3) + ' M';
}

function rate(value) {
  if (value === null) return NONE;
  if (value === 0) return ['0', '/s'];
  if (value < 0.1) return [value.toFixed(2), '/s'];
  if (value < 10) return [value.toFixed(1), '/s'];
  return value < 1000 ? [value.toFixed(0), '/s'] : [(value / 1000).toPrecision(3) + ' k', '/s'];
}

function time(microseconds) {
  if (microseconds === null || microseconds === undefined) return NONE;
  if (microseconds < 999.5) return [microseconds.toFixed(0), 'µs'];
  const milliseconds = microseconds / 1000;
  if (milliseconds < 9.995) return [milliseconds.toFixed(2), 'ms'];
  if (milliseconds < 99.95) return [milliseconds.toFixed(1), 'ms'];
  if (milliseconds < 999.5) return [milliseconds.toFixed(0), 'ms'];
  const seconds = milliseconds / 1000;
  return [seconds.toFixed(seconds < 9.995 ? 2 : 1), 's'];
}

function percent(part, whole) {
  if (!whole) return NONE;
  const value = (part / whole) * 100;
  if (value === 0) return ['0', '%'];
  if (value < 0.1) return ['<0.1', '%'];
  if (value < 10 || (value > 99 && value < 100)) return [Math.min(value, 99.9).toFixed(1), '%'];
  return [value.toFixed(0), '%'];
}

function bytes(value) {
  if (value === null || value === undefined) return NONE;
  const units = ['B', 'KB', 'MB', 'GB'];
  let unit = 0;
  while (value >= 999.5 && unit < 3) { value /= 1000; unit += 1; }
  return [unit === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1), units[unit]];
}

const text = ([number, unit]) => (unit ? number + (unit === '/s' ? '' : '\u00a0') + unit : number);

function clock(milliseconds, withFraction) {
  const date = new Date(milliseconds);
  const two = (number) => String(number).padStart(2, '0');
  const whole = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return withFraction ? `${whole}.${String(date.getMilliseconds()).padStart(3, '0')}` : whole;
}

function ago(seconds) {
  if (seconds < 60) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
}

const windowName = (seconds) => (seconds < 60 ? `${seconds} s` : `${seconds / 60} min`);
