/* What draws say of every row: quantiles, shares and means; clipped in each draw, then summed. */

const SHARES = [["p10", 0.1], ["p50", 0.5], ["p90", 0.9]];
const BELOW = SHARES.map(([, share]) => Math.floor(share * (N - 1)));
const PART = SHARES.map(([, share], k) => share * (N - 1) - BELOW[k]);
const SIDES = BELOW.flatMap((at) => [at, Math.min(at + 1, N - 1)]);
const ENOUGH = SHARES.map(([, share]) => Math.min(Math.max(Math.ceil(share * N) - 1, 0), N - 1));
const BINS = 128, counts = new Uint16Array(BINS), binOf = new Uint8Array(N), inside = new Float32Array(N);

/** The values that stand at some places, in order of place, were they sorted; none of them NaN.

    They are counted into bins, and only the bins of those places are sorted: this is most of the work
    of a page that moves. */
function ranked(values, places, out) {
  let low = values[0], high = low;
  for (let d = 1; d < N; d += 1) {
    const value = values[d];
    if (value < low) low = value;
    else if (value > high) high = value;
  }
  if (low === high) return out.fill(low);
  const scale = (BINS - 0.001) / (high - low);
  counts.fill(0);
  for (let d = 0; d < N; d += 1) {
    const bin = (values[d] - low) * scale | 0;
    binOf[d] = bin;
    counts[bin] += 1;
  }
  let bin = -1, before = 0, sorted = -1;
  for (let k = 0; k < places.length; k += 1) {
    while (bin < 0 || places[k] >= before + counts[bin]) {
      if (bin >= 0) before += counts[bin];
      bin += 1;
    }
    if (sorted !== bin) sortBin(values, bin);
    sorted = bin;
    out[k] = inside[places[k] - before];
  }
  return out;
}

/** Put the values of a bin in order. */
function sortBin(values, bin) {
  let n = 0;
  for (let d = 0; d < N; d += 1) {
    if (binOf[d] !== bin) continue;
    const value = values[d];
    let at = n;
    for (; at > 0 && inside[at - 1] > value; at -= 1) inside[at] = inside[at - 1];
    inside[at] = value;
    n += 1;
  }
}

/** Quantiles from the neighbours of each, by straight lines. */
const between = (sides) => PART.map((part, k) => sides[2 * k] + part * (sides[2 * k + 1] - sides[2 * k]));
const quantiles = (values) => between(ranked(values, SIDES, spare.sides));

const buffer = () => new Float32Array(N);
const buffers = () => ({ demand: buffer(), places: buffer(), gap: buffer(), net: buffer(), short: buffer() });
const emptied = (sums) => {
  for (const name of PARTS) sums[name].fill(0);
  return sums;
};
const sumInto = (to, from, at) => { for (let d = 0; d < N; d += 1) to[d] += from[at + d]; };
const spare = { level: buffers(), every: buffers(), heads: buffer(), rooms: buffer(), classes: buffer(),
  sides: new Float32Array(SIDES.length), enough: new Float32Array(ENOUGH.length) };
const SUMMED = ["demand", "places", "gap", "net"], PARTS = [...SUMMED, "short"];
const isAlone = range(R * L).map((at) => !stood.pools[at % L].some((set) => set.includes(Math.floor(at / L))));

/** Gap and shortage of every cell of a year, (region, level, draw); sets lack at their last region. */
function yearCells(year, heads, places, supply, free) {
  const size = R * L * N, demand = heads.subarray(year * size, (year + 1) * size);
  const out = { demand, places: new Float32Array(size), gap: new Float32Array(size), own: new Float32Array(size) };
  out.net = free ? new Float32Array(size) : out.gap;
  for (let c = 0; c < R * L; c += 1) {
    const at = year * R * L + c, kept = 1 - supply.margin[at], step = places.n > 1 ? 1 : 0;
    for (let d = 0, from = at * places.n, k = c * N; d < N; d += 1, k += 1, from += step) {
      const there = places.usable[from];
      out.places[k] = there;
      out.gap[k] = demand[k] - there;
      if (free) out.net[k] = demand[k] - there * kept;
      out.own[k] = Math.max(out.net[k], 0);
    }
  }
  out.short = stood.pools.some((sets) => sets.length) ? out.own.slice() : out.own;
  stood.pools.forEach((sets, level) => {
    for (const one of sets) {
      const total = buffer(), last = one[one.length - 1];
      for (const region of one) {
        const at = (region * L + level) * N;
        sumInto(total, out.net, at);
        out.short.fill(0, at, at + N);
      }
      for (let d = 0; d < N; d += 1) out.short[(last * L + level) * N + d] = Math.max(total[d], 0);
    }
  });
  return out;
}

/** Bands of all rows in a year. */
function bandsOfYear(year, cells, varies, bands) {
  for (let row = 0; row < ROWS; row += 1) {
    const members = axes.members[row], single = members.length === 1 && row < DISTRICT;
    const every = emptied(spare.every), shortage = single ? cells.own : cells.short;
    for (let level = 0; level <= L; level += 1) {
      const last = level === L, sums = last ? every : emptied(spare.level);
      const holds = last || (single ? isAlone[members[0] * L + level] : stood.holds[row][level]);
      if (!last) {
        for (const region of members) {
          const at = (region * L + level) * N;
          for (const name of SUMMED) sumInto(sums[name], cells[name], at);
          sumInto(sums.short, shortage, at);
        }
        for (const name of SUMMED) sumInto(every[name], sums[name], 0);
        if (holds) sumInto(every.short, sums.short, 0);
      }
      bands.push({ year: horizon[year], region: axes.rows[row], level: axes.levels[level] ?? "all",
        ...said(sums, holds, varies) });
    }
  }
}

/** What is said of one row. */
function said({ demand, places, gap, net, short }, holds, varies) {
  const out = {}, known = !Number.isNaN(gap[0]), idle = stood.bands[2];
  let some = false, own = true, late = 0, empty = 0, total = 0;
  for (let d = 0; d < N; d += 1) {
    some ||= places[d] > 0;
    own &&= short[d] === Math.max(gap[d], 0);
    late += net[d] > 0 ? 1 : 0;
    empty += demand[d] / places[d] < idle ? 1 : 0;
    total += short[d];
  }
  const put = (name, values) => SHARES.forEach(([label], k) => { out[`${name}_${label}`] = values ? values[k] : null; });
  put("demand", quantiles(demand));
  put("places", known ? (varies ? quantiles(places) : SHARES.map(() => places[0])) : null);
  const sides = known ? ranked(gap, SIDES, spare.sides) : null;
  put("gap", known ? between(sides) : null);
  const lacks = holds && !Number.isNaN(total); // also where places of a level that it does not hold are unknown
  put("shortage", !lacks ? null : own && known ? between(sides.map((n) => Math.max(n, 0))) : quantiles(short));
  out.shortage_mean = lacks ? total / N : null;
  out.prob_shortage = holds && known ? late / N : null;
  out.prob_idle = some ? empty / N : null;
  return out;
}

/** Bands of first grades in a year. */
function entryBandsOfYear(year, entrants, places, supply, more, out) {
  const [yellow, red] = stood.bands, { heads, rooms, classes } = spare;
  for (let row = 0; row < ROWS; row += 1) {
    for (let level = 0; level < L; level += 1) {
      for (const part of [heads, rooms, classes]) part.fill(0);
      for (const region of axes.members[row]) {
        const at = cell(year, region, level), free = 1 - supply.margin[at], step = places.n > 1 ? 1 : 0;
        const size = supply.classSize[at], beyond = supply.more[at];
        for (let d = 0, from = at * places.n, k = at * N; d < N; d += 1, k += 1, from += step) {
          const full = places.full[from] / span[level];
          heads[d] += entrants[k];
          rooms[d] += (more ? Math.max(full + beyond, 0) : full) * free;
          classes[d] += Math.max(Math.ceil(entrants[k] / size - 1e-4), 0);
        }
      }
      const known = stood.holds[row][level] && !Number.isNaN(rooms[0]);
      let reds = 0, yellows = 0;
      for (let d = 0; d < N; d += 1) {
        if (!(heads[d] > 0)) continue;
        if (heads[d] / rooms[d] >= red) reds += 1;
        if (heads[d] / rooms[d] >= yellow) yellows += 1;
      }
      const band = { year: horizon[year], region: axes.rows[row], level: axes.levels[level] };
      quantiles(heads).forEach((n, k) => { band[`entrants_${SHARES[k][0]}`] = n; });
      ranked(classes, ENOUGH, spare.enough).forEach((n, k) => { band[`classes_${SHARES[k][0]}`] = n; });
      band.prob_yellow = known ? (yellows - reds) / N : null;
      band.prob_red = known ? reds / N : null;
      out.push(band);
    }
  }
}
