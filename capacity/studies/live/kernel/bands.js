/* What draws say of every row: quantiles, shares and means; clipped in each draw, then summed. */

const SHARES = [["p10", 0.1], ["p50", 0.5], ["p90", 0.9]];
const AT = SHARES.map(([, share]) => Math.floor(share * (N - 1)));
const PART = SHARES.map(([, share], k) => share * (N - 1) - AT[k]);
const scratch = new Float32Array(N);

/** Quantiles of one row of draws, between neighbours by straight lines. */
function quantiles(values) {
  scratch.set(values);
  scratch.sort();
  return AT.map((at, k) => scratch[at] + PART[k] * (scratch[Math.min(at + 1, N - 1)] - scratch[at]));
}

/** The least whole number that suffices in each share of the draws. */
function sufficing(values) {
  scratch.set(values);
  scratch.sort();
  return SHARES.map(([, share]) => scratch[Math.min(Math.max(Math.ceil(share * N) - 1, 0), N - 1)]);
}

const sumInto = (to, from, at) => { for (let d = 0; d < N; d += 1) to[d] += from[at + d]; };
const countOf = (test) => { let n = 0; for (let d = 0; d < N; d += 1) if (test(d)) n += 1; return n / N; };
const meanOf = (values) => { let sum = 0; for (let d = 0; d < N; d += 1) sum += values[d]; return sum / N; };
const isAlone = range(R * L).map((at) => !stood.pools[at % L].some((set) => set.includes(Math.floor(at / L))));

/** Gap and shortage of every cell of a year, (region, level, draw); sets lack at their last region. */
function yearCells(year, heads, places, supply) {
  const size = R * L * N, out = { demand: heads.subarray(year * size, (year + 1) * size),
    places: new Float32Array(size), gap: new Float32Array(size), short: new Float32Array(size), net: null };
  const free = supply.margin.some(Boolean);
  out.net = free ? new Float32Array(size) : out.gap;
  for (let c = 0; c < R * L; c += 1) {
    const at = year * R * L + c, margin = supply.margin[at];
    for (let d = 0; d < N; d += 1) {
      const there = places.usable[at * places.n + (places.n > 1 ? d : 0)], k = c * N + d;
      out.places[k] = there;
      out.gap[k] = out.demand[k] - there;
      if (free) out.net[k] = out.demand[k] - there * (1 - margin);
      out.short[k] = Math.max(out.net[k], 0);
    }
  }
  out.own = out.short.slice();
  stood.pools.forEach((sets, level) => {
    for (const one of sets) {
      const total = new Float32Array(N), last = one[one.length - 1];
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
    const every = fresh();
    for (let level = 0; level <= L; level += 1) {
      const last = level === L, sums = last ? every : fresh();
      const holds = last || (single ? isAlone[members[0] * L + level] : stood.holds[row][level]);
      if (!last) {
        for (const region of members) {
          const at = (region * L + level) * N;
          for (const name of ["demand", "places", "gap", "net"]) sumInto(sums[name], cells[name], at);
          sumInto(sums.short, single ? cells.own : cells.short, at);
        }
        for (const name of ["demand", "places", "gap", "net"]) sumInto(every[name], sums[name], 0);
        if (holds) sumInto(every.short, sums.short, 0);
      }
      bands.push({ year: horizon[year], region: axes.rows[row], level: axes.levels[level] ?? "all",
        ...said(sums, holds, varies) });
    }
  }
}

const fresh = () => Object.fromEntries(["demand", "places", "gap", "net", "short"].map((name) => [name, new Float32Array(N)]));

/** What is said of one row. */
function said(sums, holds, varies) {
  const out = {}, known = !Number.isNaN(sums.gap[0]);
  const put = (name, values) => SHARES.forEach(([label], k) => { out[`${name}_${label}`] = values ? blank(values[k]) : null; });
  const demand = quantiles(sums.demand), places = known ? (varies ? quantiles(sums.places) : [0, 0, 0].fill(sums.places[0])) : null;
  const gap = known ? (varies ? quantiles(sums.gap) : demand.map((n) => n - sums.places[0])) : null;
  put("demand", demand);
  put("places", places);
  put("gap", gap);
  const own = known && holds && sums.short.every((n, d) => n === Math.max(sums.gap[d], 0));
  put("shortage", !known || !holds ? null : own ? gap.map((n) => Math.max(n, 0)) : quantiles(sums.short));
  out.shortage_mean = known && holds ? meanOf(sums.short) : null;
  out.prob_shortage = known && holds ? countOf((d) => sums.net[d] > 0) : null;
  const idle = stood.bands[2];
  out.prob_idle = sums.places.some((n) => n > 0) ? countOf((d) => sums.demand[d] < idle * sums.places[d]) : null;
  return out;
}

/** Bands of first grades in a year. */
function entryBandsOfYear(year, entrants, places, supply, out) {
  const more = supply.more.some(Boolean), size = R * L, [yellow, red] = stood.bands;
  for (let row = 0; row < ROWS; row += 1) {
    for (let level = 0; level < L; level += 1) {
      const heads = new Float32Array(N), rooms = new Float32Array(N), classes = new Float32Array(N);
      for (const region of axes.members[row]) {
        const at = year * size + region * L + level, free = 1 - supply.margin[at];
        sumInto(heads, entrants, at * N);
        for (let d = 0; d < N; d += 1) {
          const full = places.full[at * places.n + (places.n > 1 ? d : 0)] / span[level];
          rooms[d] += (more ? Math.max(full + supply.more[at], 0) : full) * free;
          classes[d] += Math.max(Math.ceil(entrants[at * N + d] / supply.classSize[at] - 1e-4), 0);
        }
      }
      const known = stood.holds[row][level] && !Number.isNaN(rooms[0]);
      const reds = known ? countOf((d) => heads[d] > 0 && heads[d] >= red * rooms[d]) : null;
      const band = { year: horizon[year], region: axes.rows[row], level: axes.levels[level] };
      quantiles(heads).forEach((n, k) => { band[`entrants_${SHARES[k][0]}`] = n; });
      sufficing(classes).forEach((n, k) => { band[`classes_${SHARES[k][0]}`] = n; });
      band.prob_yellow = known ? countOf((d) => heads[d] > 0 && heads[d] >= yellow * rooms[d]) - reds : null;
      band.prob_red = reds;
      out.push(band);
    }
  }
}
