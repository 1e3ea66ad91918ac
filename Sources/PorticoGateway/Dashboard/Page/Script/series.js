// Numbers over time, and the quantiles of latency histograms.

const COUNTS = ['requests', 'clientErrors', 'serverErrors', 'throttled', 'cacheHits', 'cacheMisses'];

/** Counts and histograms of each `width` seconds; histograms are pairs of bucket and count, a bucket may come twice. */
class Series {
  constructor(width) {
    this.width = width;
    this.bins = new Map();
  }

  add(second, numbers) {
    const key = second - (second % this.width);
    let bin = this.bins.get(key);
    if (!bin) {
      bin = { latency: [], integrationLatency: [] };
      for (const name of COUNTS) bin[name] = 0;
      this.bins.set(key, bin);
    }
    for (const name of COUNTS) bin[name] += numbers[name] ?? 0;
    if (numbers.latency) bin.latency.push(...numbers.latency);
    if (numbers.integrationLatency) bin.integrationLatency.push(...numbers.integrationLatency);
  }

  prune(before) {
    for (const key of this.bins.keys()) {
      if (key + this.width > before) break;
      this.bins.delete(key);
    }
  }
}

/** Sums of a series. */
class Totals {
  constructor() {
    for (const name of COUNTS) this[name] = 0;
    this.latency = new Map();
    this.integrationLatency = new Map();
  }

  add(bin) {
    for (const name of COUNTS) this[name] += bin[name];
    for (const name of ['latency', 'integrationLatency']) {
      const pairs = bin[name];
      const map = this[name];
      for (let index = 0; index + 1 < pairs.length; index += 2) {
        map.set(pairs[index], (map.get(pairs[index]) ?? 0) + pairs[index + 1]);
      }
    }
    return this;
  }

  static of(series, from, to) {
    const totals = new Totals();
    if (!series) return totals;
    for (const [key, bin] of series.bins) {
      if (key >= to) break;
      if (key + series.width > from) totals.add(bin);
    }
    return totals;
  }
}

/** The value below which a share of a histogram lies, in microseconds; `null` when it is empty. */
function quantile(histogram, share) {
  let whole = 0;
  for (const number of histogram.values()) whole += number;
  if (whole === 0) return null;
  const buckets = [...histogram.keys()].sort((a, b) => a - b);
  let left = share * whole;
  for (const bucket of buckets) {
    const number = histogram.get(bucket);
    if (left <= number) {
      const low = bucket > 0 ? bounds[Math.min(bucket, bounds.length) - 1] ?? 0 : 0;
      const high = bounds[bucket] ?? low;
      return low + (high - low) * Math.max(0, left / number);
    }
    left -= number;
  }
  return bounds[buckets[buckets.length - 1]] ?? bounds[bounds.length - 1] ?? null;
}

/** Share of a histogram that lies below a value. */
function rank(histogram, microseconds) {
  let whole = 0;
  let below = 0;
  for (const [bucket, number] of histogram) {
    whole += number;
    const low = bucket > 0 ? bounds[bucket - 1] ?? 0 : 0;
    const high = bounds[bucket] ?? low;
    if (high <= microseconds) below += number;
    else if (low < microseconds) below += (number * (microseconds - low)) / (high - low);
  }
  return whole === 0 ? null : below / whole;
}
