/* Gap, shortage and what conversions and moves mend: the rows of the results. */

const pooled = stood.pools.map((sets) => sets.length > 0);
const lenders = range(stock.rows).filter((row) => stock.convertible[row].some(Boolean))
  .map((row) => ({ row, region: stock.region[row], level: stock.level[row], to: stock.convertible[row],
    highest: stock.convertible[row].lastIndexOf(1) }))
  .sort((a, b) => a.highest - b.highest || a.level - b.level || a.row - b.row);

/** Clip a gap (region, level) of one year at 0; what a set lacks stands at its last region. */
function clipped(gap) {
  const short = gap.map((places) => Math.max(places, 0));
  stood.pools.forEach((sets, level) => {
    for (const one of sets) {
      let total = 0;
      for (const region of one) { total += gap[region * L + level]; short[region * L + level] = 0; }
      short[one[one.length - 1] * L + level] = Math.max(total, 0);
    }
  });
  return short;
}

/** Cut what regions of sets lack, or have to spare, to what their sets do. */
function shared(side, most) {
  stood.pools.forEach((sets, level) => {
    for (const one of sets) {
      let net = 0, total = 0;
      for (const region of one) { net += most[region * L + level]; total += side[region * L + level]; }
      const share = total > 0 ? Math.min(Math.max(net, 0) / total, 1) : 0;
      for (const region of one) side[region * L + level] *= share;
    }
  });
}

/** Let surplus rooms of one level serve a short level of the same region, in one year. */
function convert(shortage, surplus, year, supply) {
  const left = lenders.map((one) => supply.rows[year * stock.rows + one.row]);
  for (let taker = 0; taker < L; taker += 1) {
    lenders.forEach(({ region, level, to }, lender) => {
      if (!to[taker] || level === taker) return;
      const size = (of) => supply.classSize[cell(year, region, of)];
      const give = region * L + level, take = region * L + taker;
      const offered = Math.min(surplus[give], left[lender]);
      const wanted = shortage[take] / size(taker) * size(level), sent = Math.min(offered, wanted);
      surplus[give] -= sent;
      left[lender] -= sent;
      shortage[take] = Math.max(shortage[take] - offered / size(level) * size(taker), 0);
    });
  }
}

/** Shortage of a level that no moves between neighbours mend: what its worst set lacks. */
function residual(shortage, surplus, pairs) {
  const near = range(R).map(() => []);
  for (const [a, b] of pairs) { near[a].push(b); near[b].push(a); }
  const set = worstSet(shortage, surplus, near);
  let alone = 0;
  for (const region of set) alone += shortage[region];
  for (const region of new Set([...set].flatMap((one) => near[one]))) alone -= surplus[region];
  return Math.max(alone, 0);
}

/** The set S of regions that lacks most, Σ_S shortage − Σ surplus of S's neighbours: a minimum cut. */
function worstSet(shortage, surplus, near) {
  const takers = range(R).filter((r) => shortage[r] > 0);
  if (!takers.some((r) => near[r].some((to) => surplus[to] > 0))) return takers;
  const SOURCE = 2 * R, SINK = 2 * R + 1, edges = [], out = range(2 * R + 2).map(() => []);
  const link = (from, to, room) => {
    out[from].push(edges.push({ to, room }) - 1);
    out[to].push(edges.push({ to: from, room: 0 }) - 1); // an edge and its way back are neighbours
  };
  for (const r of takers) {
    link(SOURCE, r, shortage[r]);
    for (const to of near[r]) if (surplus[to] > 0) link(r, R + to, Infinity);
  }
  range(R).forEach((r) => { if (surplus[r] > 0) link(R + r, SINK, surplus[r]); });
  for (;;) {
    const by = new Array(2 * R + 2).fill(-1), queue = [SOURCE];
    for (let at = 0; at < queue.length && by[SINK] < 0; at += 1) {
      for (const edge of out[queue[at]]) {
        const { to, room } = edges[edge];
        if (room > 0 && by[to] < 0 && to !== SOURCE) { by[to] = edge; queue.push(to); }
      }
    }
    if (by[SINK] < 0) return takers.filter((r) => by[r] >= 0);
    const path = [];
    for (let at = SINK; at !== SOURCE; at = edges[by[at] ^ 1].to) path.push(by[at]);
    const most = Math.min(...path.map((edge) => edges[edge].room));
    for (const edge of path) { edges[edge].room -= most; edges[edge ^ 1].room += most; }
  }
}

/** Sum cells (region, level) of one year to region rows. */
const summed = (cells, row, level) => {
  let total = 0;
  for (const region of axes.members[row]) total += cells[region * L + level];
  return total;
};

const blank = (value) => (Number.isNaN(value) ? null : value);

/** Rows of the results in one year, and those of first grades. */
function balancedYear(year, demand, supply, rows, entries) {
  const at = year * R * L, part = (cells) => cells.subarray(at, at + R * L);
  const heads = new Float64Array(R * L), graded = new Float64Array(R * L * MOST), entrants = new Float64Array(R * L);
  for (let a = 0; a < A; a += 1) {
    for (let g = 0; g < G; g += 1) {
      const level = levelOf[a][g];
      if (level < 0) continue;
      const to = regionOf[a] * L + level, pupils = demand.pupils[(year * A + a) * G + g];
      heads[to] += pupils;
      graded[to * MOST + g - entry[level]] += pupils;
      if (g === entry[level]) entrants[to] += pupils;
    }
  }
  const usable = part(supply.usable), margin = part(supply.margin), listedAll = part(supply.listed);
  const gap = heads.map((pupils, c) => pupils - usable[c] * (1 - margin[c]));
  const known = gap.map(orZero), taking = known.map((n) => Math.max(n, 0)), giving = known.map((n) => Math.max(-n, 0));
  shared(taking, known);
  shared(giving, known.map((n) => -n));
  const shortage = taking.slice(), surplus = giving.slice();
  convert(shortage, surplus, year, supply);
  const still = clipped(known.map((n, c) => n - (taking[c] - shortage[c]) + (giving[c] - surplus[c])));
  const after = range(L).map((level) => {
    const own = range(R).map((region) => region * L + level);
    if (own.some((c) => Number.isNaN(gap[c]))) return NaN;
    if (pooled[level]) return own.reduce((total, c) => total + still[c], 0);
    return residual(own.map((c) => shortage[c]), own.map((c) => surplus[c]), stood.neighbours[level]);
  });
  const kept = shortage.map((n, c) => (Number.isNaN(gap[c]) ? NaN : n));
  const byGrade = new Float64Array(R * L), places = supply.byGrade.subarray(at * MOST, (at + R * L) * MOST);
  for (let g = 0; g < MOST; g += 1) {
    const short = clipped(margin.map((free, c) => graded[c * MOST + g] - places[c * MOST + g] * (1 - free)));
    for (let c = 0; c < R * L; c += 1) byGrade[c] += short[c];
  }
  const sides = { demand: heads, places: usable, places_listed: listedAll, gap: heads.map((n, c) => n - usable[c]),
    shortage: clipped(gap), surplus: clipped(gap.map((n) => -n)), shortage_after: kept, shortage_by_grade: byGrade };
  rowsOf(year, sides, after, rows);
  entryRows(year, entrants, supply, listedAll, margin, entries);
}

const OWN = ["shortage", "surplus", "shortage_after", "shortage_by_grade"];

function rowsOf(year, sides, after, rows) {
  for (let row = 0; row < ROWS; row += 1) {
    const every = Object.fromEntries(Object.keys(sides).map((name) => [name, 0]));
    for (let level = 0; level <= L; level += 1) {
      const out = { year: horizon[year], region: axes.rows[row], level: axes.levels[level] ?? "all" };
      for (const [name, cells] of Object.entries(sides)) {
        const own = OWN.includes(name), holds = level === L || stood.holds[row][level];
        let value = level === L ? every[name] : own && !holds ? NaN : summed(cells, row, level);
        if (name === "shortage_after" && row === DISTRICT && level < L) value = after[level];
        if (level < L && (!own || holds)) every[name] += value;
        out[name] = blank(value);
      }
      out.utilisation = out.places > 0 ? out.demand / out.places : null;
      rows.push(out);
    }
  }
}

const BANDS = ["none", "yellow", "red"];

function entryRows(year, entrants, supply, listedAll, margin, entries) {
  const at = year * R * L, [yellow, red] = stood.bands, some = supply.more.some(Boolean);
  const rooms = Float64Array.from(listedAll, (places, c) => (some
    ? Math.max(places / span[c % L] + supply.more[at + c], 0) : places / span[c % L]));
  const kept = rooms.map((places, c) => places * (1 - margin[c]));
  const needed = entrants.map((n, c) => Math.max(Math.ceil(n / supply.classSize[at + c] - 1e-9), 0));
  for (let row = 0; row < ROWS; row += 1) {
    for (let level = 0; level < L; level += 1) {
      const holds = stood.holds[row][level], heads = summed(entrants, row, level);
      const there = summed(rooms, row, level), free = summed(kept, row, level);
      const reached = (limit) => (heads > 0 && heads / free >= limit ? 1 : 0);
      entries.push({
        year: horizon[year], region: axes.rows[row], level: axes.levels[level], entrants: heads,
        entry_places: blank(there), entry_gap: holds ? blank(heads - there) : null,
        classes_needed: summed(needed, row, level),
        band: holds && !Number.isNaN(free) ? BANDS[reached(yellow) + reached(red)] : null,
      });
    }
  }
}
