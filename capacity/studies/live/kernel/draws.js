/* Sampled worlds: the demand and the places of every draw, with the luck that the run had. */

const LIMIT = data.model.factor_limit;
const bounded = (factor) => Math.min(Math.max(factor, 1 / LIMIT), LIMIT);

/** The demand side as draws take it: small-area mixing in the ratios, and where cohorts begin. */
function sampling(demand) {
  const cells = A * G, size = H * cells, carried = new Float64Array(size);
  for (let year = 1; year < H; year += 1) {
    const before = demand.pupils.subarray((year - 1) * cells, year * cells);
    carried.set(progressed(before, demand.carried, year - 1, year), year * cells);
  }
  const out = { ratios: demand.carried.slice(), moves: new Float64Array(size), anew: new Float64Array(size),
    starts: new Uint8Array(size) };
  const flowing = new Set(fixed.flows.flatMap(({ grade, into }) => into.map((a) => a * G + grade)));
  for (let at = cells; at < size; at += 1) {
    const mixed = fixed.smallArea[at], fed = carried[at] > 0 && carried[at] + mixed >= 0;
    if (mixed && fed) out.ratios[at] *= 1 + mixed / carried[at];
    const unfed = fed ? 0 : mixed, later = demand.byBirths[at] + demand.byChildren[at];
    out.moves[at] = fixed.migration[at] + (demand.homes ? demand.homes[at] : 0);
    out.anew[at] = demand.heldPupils[at] + later + unfed;
    const begins = demand.held[at] || later + unfed !== 0 || at % G === 0 || flowing.has(at % cells);
    out.starts[at] = begins ? (demand.byBirths[at] !== 0 ? 2 : 1) : 0;
  }
  return out;
}

/** The fewest and the most whom ratios may carry up, where cohorts of several lucks meet. */
function limitsOf(demand, sampler) {
  const cells = A * G, size = H * cells;
  const sides = [1 / LIMIT, LIMIT].map((factor) => {
    const base = fixed.base.map((n) => factor * n), entrants = demand.entrants.map((n) => factor * n);
    const came = new Float64Array(size), out = new Float64Array(size);
    for (let at = cells; at < size; at += 1) {
      const moves = sampler.moves[at], anew = sampler.anew[at];
      came[at] = factor * Math.max(moves, 0) + Math.min(moves, 0);
      came[at] += factor * Math.max(anew, 0) + Math.min(anew, 0) / factor;
    }
    const pupils = rolled(base, entrants, sampler.ratios, came);
    for (let year = 1; year < H; year += 1) {
      const before = pupils.subarray((year - 1) * cells, year * cells);
      out.set(progressed(before, sampler.ratios, year - 1, year), year * cells);
    }
    return out;
  });
  const [least, most] = sides;
  let mixed = new Uint8Array(cells), any = false;
  for (let year = 1; year < H; year += 1) {
    const now = new Uint8Array(cells);
    for (let c = 0; c < cells; c += 1) {
      const at = year * cells + c;
      const several = c % G > 0 && most[at] > 0 && (sampler.starts[at] || mixed[c - 1]);
      if (several) any = true;
      else { least[at] = 0; most[at] = Infinity; }
      now[c] = several || sampler.moves[at] !== 0 ? 1 : 0;
    }
    for (const { grade, share } of fixed.rezoned) {
      if (inYear(share, year - 1).length) for (let a = 0; a < A; a += 1) now[a * G + grade] = 1;
    }
    mixed = now;
  }
  return any ? { least, most } : null;
}

/** With what cohorts begin: the base year's grades (area, grade, draw), and entrants by year. */
function beginnings(demand) {
  let base = null, split = null;
  if (luck.split) {
    const heads = new Float64Array(G * R), entering = new Float64Array((H - 1) * R);
    for (let a = 0; a < A; a += 1) {
      for (let g = 0; g < G; g += 1) heads[g * R + regionOf[a]] += fixed.base[a * G + g];
      for (let year = 1; year < H; year += 1) entering[(year - 1) * R + regionOf[a]] += demand.entrants[year * A + a];
    }
    base = splitFactors(heads, G).map(bounded);
    split = splitFactors(entering, H - 1);
  }
  const entrants = range(A).map((a) => {
    const born = birthsFactor(a, demand);
    if (!split) return born;
    const out = new Float32Array((H - 1) * N);
    for (let year = 0; year < H - 1; year += 1) {
      for (let d = 0; d < N; d += 1) {
        out[year * N + d] = split[(year * R + regionOf[a]) * N + d] * (born ? born[year * N + d] : 1);
      }
    }
    return out;
  });
  const baseOf = (a, g, d) => (base ? base[(g * R + regionOf[a]) * N + d] : 1);
  return { baseOf, entrants, some: Boolean(split) || entrants.some(Boolean) };
}

/** What luck has made of the cohort of a cell so far, into `out`. */
function madeOf(year, a, g, began, out) {
  const at = ((year - 1) * A + a) * G + g, from = at * N, ahead = H - 1;
  if (!began.some) {
    for (let d = 0; d < N; d += 1) out[d] = bounded(luck.made[from + d]);
    return;
  }
  const row = luck.came[at], factors = row < ahead ? began.entrants[a] : null;
  for (let d = 0; d < N; d += 1) {
    const start = row < ahead ? (factors ? factors[row * N + d] : 1) : began.baseOf(a, row - ahead, d);
    out[d] = bounded(luck.made[from + d] * start);
  }
}

/** Demand and entrants of every draw, each (year, region, level, draw). */
function drawnDemand(demand, sampler) {
  const began = beginnings(demand), limits = limitsOf(demand, sampler), cells = A * G;
  const heads = new Float32Array(CELLS * N), entrants = new Float32Array(CELLS * N);
  let pupils = new Float32Array(cells * N), made = new Float32Array(cells * N);
  for (let c = 0; c < cells; c += 1) {
    const a = Math.floor(c / G), g = c % G;
    for (let d = 0; d < N; d += 1) {
      made[c * N + d] = began.baseOf(a, g, d);
      pupils[c * N + d] = fixed.base[c] * made[c * N + d];
    }
  }
  gathered(pupils, 0, heads, entrants);
  for (let year = 1; year < H; year += 1) {
    const now = new Float32Array(cells * N), luckNow = new Float32Array(cells * N), step = new Float32Array(N);
    const arriving = fixed.flows.map(({ grade, into, share }) => flowed(pupils, grade, inYear(share, year - 1)));
    for (let c = 0; c < cells; c += 1) {
      const a = Math.floor(c / G), g = c % G, at = year * cells + c, own = luckNow.subarray(c * N, c * N + N);
      madeOf(year, a, g, began, own);
      const before = (c - 1) * N;
      for (let d = 0; d < N; d += 1) step[d] = sampler.starts[at] ? own[d] : own[d] / made[before + d];
      const flow = fixed.flows.findIndex(({ grade, into }) => grade === g && into.includes(a));
      const from = flow < 0 ? pupils : arriving[flow], first = flow < 0 ? before : a * N;
      const ratio = g ? sampler.ratios[at] : demand.entrants[year * A + a];
      const low = limits && g ? limits.least[at] : 0, high = limits && g ? limits.most[at] : Infinity;
      const moves = sampler.moves[at], anew = sampler.anew[at];
      for (let d = 0; d < N; d += 1) {
        const came = g ? Math.min(Math.max(from[first + d] * ratio * step[d], low), high) : ratio * step[d];
        now[c * N + d] = Math.max(came + moves + anew * step[d], 0);
      }
    }
    rezonedDraws(now, year - 1);
    gathered(now, year, heads, entrants);
    pupils = now;
    made = luckNow;
  }
  return { heads, entrants };
}

/** Leavers of the grade below who come to each area, (area, draw). */
function flowed(pupils, grade, share) {
  const out = new Float32Array(A * N);
  for (const [from, to, part] of share) {
    const at = (from * G + grade - 1) * N;
    for (let d = 0; d < N; d += 1) out[to * N + d] += part * pupils[at + d];
  }
  return out;
}

function rezonedDraws(pupils, year) {
  for (const { grade, share } of fixed.rezoned) {
    const sent = new Float32Array(A * N);
    for (const [from, to, part] of inYear(share, year)) {
      for (let d = 0; d < N; d += 1) {
        const heads = part * pupils[(from * G + grade) * N + d];
        sent[from * N + d] -= heads;
        sent[to * N + d] += heads;
      }
    }
    for (let a = 0; a < A; a += 1) {
      for (let d = 0; d < N; d += 1) pupils[(a * G + grade) * N + d] += sent[a * N + d];
    }
  }
}

/** Add the pupils of a year up by region and level. */
function gathered(pupils, year, heads, entrants) {
  for (let a = 0; a < A; a += 1) {
    for (let g = 0; g < G; g += 1) {
      const level = levelOf[a][g];
      if (level < 0) continue;
      const to = cell(year, regionOf[a], level) * N, from = (a * G + g) * N, first = g === entry[level];
      for (let d = 0; d < N; d += 1) {
        heads[to + d] += pupils[from + d];
        if (first) entrants[to + d] += pupils[from + d];
      }
    }
  }
}

/** What becomes of a project in each draw: 0 not built, 1 on time, 2 … late by each delay. */
function outcomesOf(one) {
  const at = luck.codes.indexOf(one.code), count = luck.codes.length, out = new Uint8Array(N);
  if (at < 0) return null;
  const delays = data.model.delay[one.status] ?? [];
  const built = data.model.fails.includes(one.status) ? one.completion : 1;
  const from = delays.map((_, k) => 1 - delays.slice(k).reduceRight((sum, [, share]) => sum + share, 0));
  for (let d = 0; d < N; d += 1) {
    const late = (luck.ranks[at * N + d] + 0.5) / 65536, fails = (luck.ranks[(count + at) * N + d] + 0.5) / 65536;
    out[d] = fails < built ? 1 + from.filter((line) => late >= line).length : 0;
  }
  return { out, years: [0, ...delays.map(([years]) => years)] };
}

/** Usable places and full size of every draw, each (year, region, level, draw); null without luck. */
function drawnPlaces(supply) {
  const varies = Boolean(luck.ranks) || Boolean(luck.stock), n = varies ? N : 1;
  const usable = new Float32Array(CELLS * n), full = new Float32Array(CELLS * n);
  for (let at = 0; at < CELLS; at += 1) {
    const own = at % (R * L);
    for (let d = 0; d < n; d += 1) {
      const stands = supply.stock[at] * (luck.stock ? luck.stock[own * N + d] : 1) + supply.altered[at];
      usable[at * n + d] = stands + (luck.ranks ? 0 : supply.opening[at]);
      full[at * n + d] = stands + (luck.ranks ? 0 : supply.opened[at]);
    }
  }
  if (luck.ranks) for (const one of supply.projects) if (!addOutcomes(one, supply, usable, full)) return null;
  for (const side of [usable, full]) for (let at = 0; at < side.length; at += 1) if (side[at] < 0) side[at] = 0;
  return { usable, full, n };
}

function addOutcomes(one, supply, usable, full) {
  const found = outcomesOf(one);
  if (!found) return false;
  for (let level = 0; level < L; level += 1) {
    const places = one.places[level], decant = one.decant[level];
    if (!places && !decant) continue;
    for (let year = 0; year < H; year += 1) {
      const at = cell(year, one.region, level), scale = supply.scale[at];
      const offers = [0, ...found.years.map((late) => {
        const [filling, , taken] = shares(one, one.opens + late, horizon[year], span[level]);
        return (filling * places - taken * decant) * scale;
      })];
      const whole = [0, ...found.years.map((late) => shares(one, one.opens + late, horizon[year], span[level])[1] * places * scale)];
      if (!offers.some(Boolean) && !whole.some(Boolean)) continue;
      for (let d = 0; d < N; d += 1) {
        usable[at * N + d] += offers[found.out[d]];
        full[at * N + d] += whole[found.out[d]];
      }
    }
  }
  return true;
}
