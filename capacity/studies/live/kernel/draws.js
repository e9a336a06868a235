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
  const own = (a, g) => base && base.subarray((g * R + regionOf[a]) * N, (g * R + regionOf[a] + 1) * N);
  const factors = (a, row) => (row >= H - 1 ? own(a, row - H + 1)
    : entrants[a] && entrants[a].subarray(row * N, (row + 1) * N));
  return { own, factors };
}

/** What luck has made of the cohort of a cell so far, into `out`. */
function madeOf(at, began, out) {
  const made = luck.made, from = at * N, low = 1 / LIMIT;
  const factors = began.factors(Math.floor(at / G) % A, luck.came[at]);
  for (let d = 0; d < N; d += 1) {
    const factor = factors ? made[from + d] * factors[d] : made[from + d];
    out[d] = factor < low ? low : factor > LIMIT ? LIMIT : factor;
  }
}

/** Demand and entrants of every draw, each (year, region, level, draw). */
function drawnDemand(demand, sampler) {
  const began = beginnings(demand), limits = limitsOf(demand, sampler), cells = A * G;
  const heads = new Float32Array(CELLS * N), entrants = new Float32Array(CELLS * N), step = new Float32Array(N);
  let before = { pupils: new Float32Array(cells * N), made: new Float32Array(cells * N).fill(1) };
  let now = { pupils: new Float32Array(cells * N), made: new Float32Array(cells * N) };
  for (let c = 0; c < cells; c += 1) {
    const own = began.own(Math.floor(c / G), c % G);
    if (own) before.made.set(own, c * N);
    for (let k = c * N; k < (c + 1) * N; k += 1) before.pupils[k] = fixed.base[c] * before.made[k];
  }
  gathered(before.pupils, 0, heads, entrants);
  for (let year = 1; year < H; year += 1) {
    const arriving = fixed.flows.map(({ grade, share }) => flowed(before.pupils, grade, inYear(share, year - 1)));
    for (let c = 0; c < cells; c += 1) {
      const at = year * cells + c, g = c % G, a = (c - g) / G, made = now.made.subarray(c * N, (c + 1) * N);
      madeOf(at - cells, began, made);
      step.set(made);
      if (!sampler.starts[at]) for (let d = 0, k = (c - 1) * N; d < N; d += 1, k += 1) step[d] /= before.made[k];
      const flow = fixed.flows.findIndex(({ grade, into }) => grade === g && into.includes(a));
      const [from, first] = flow < 0 ? [before.pupils, (c - 1) * N] : [arriving[flow], a * N];
      const moved = { moves: sampler.moves[at], anew: sampler.anew[at] }, out = now.pupils.subarray(c * N, (c + 1) * N);
      if (!g) come(out, step, demand.entrants[year * A + a], moved);
      else carry(out, from, first, step, sampler.ratios[at], moved, limits && [limits.least[at], limits.most[at]]);
    }
    rezonedDraws(now.pupils, year - 1);
    gathered(now.pupils, year, heads, entrants);
    [before, now] = [now, before];
  }
  return { heads, entrants };
}

/** Children who come into the first grade, into `out`. */
function come(out, step, entrants, { moves, anew }) {
  for (let d = 0; d < N; d += 1) {
    const pupils = entrants * step[d] + moves + anew * step[d];
    out[d] = pupils > 0 ? pupils : 0;
  }
}

/** Pupils whom a ratio carries up, and those who move, into `out`. */
function carry(out, from, first, step, ratio, { moves, anew }, limits) {
  const [low, high] = limits ?? [0, Infinity];
  for (let d = 0; d < N; d += 1) {
    const carried = from[first + d] * ratio * step[d];
    const pupils = (carried < low ? low : carried > high ? high : carried) + moves + anew * step[d];
    out[d] = pupils > 0 ? pupils : 0;
  }
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
    const sent = inYear(share, year), stays = staying(sent), heads = new Float32Array(A * N);
    for (let a = 0; a < A; a += 1) {
      const own = pupils.subarray((a * G + grade) * N, (a * G + grade + 1) * N);
      heads.set(own, a * N);
      for (let d = 0; d < N; d += 1) own[d] *= stays[a];
    }
    for (const [from, to, part] of sent) {
      for (let d = 0; d < N; d += 1) pupils[(to * G + grade) * N + d] += part * heads[from * N + d];
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
    const late = (luck.ranks[at * N + d] + 0.5) / luck.of, fails = (luck.ranks[(count + at) * N + d] + 0.5) / luck.of;
    if (!(fails < built)) continue;
    out[d] = 1;
    for (const line of from) if (late >= line) out[d] += 1;
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
  const offers = new Float32Array(found.years.length + 1), whole = new Float32Array(found.years.length + 1);
  for (let level = 0; level < L; level += 1) {
    const places = one.places[level], decant = one.decant[level];
    if (!places && !decant) continue;
    for (let year = 0; year < H; year += 1) {
      const at = cell(year, one.region, level), scale = supply.scale[at];
      found.years.forEach((late, k) => {
        const [filling, open, taken] = shares(one, one.opens + late, horizon[year], span[level]);
        offers[k + 1] = (filling * places - taken * decant) * scale;
        whole[k + 1] = open * places * scale;
      });
      if (!offers.some(Boolean) && !whole.some(Boolean)) continue;
      for (let d = 0, k = at * N; d < N; d += 1, k += 1) {
        usable[k] += offers[found.out[d]];
        full[k] += whole[found.out[d]];
      }
    }
  }
  return true;
}
