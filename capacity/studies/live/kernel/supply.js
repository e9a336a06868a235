/* The supply side: stock, pipeline and measures. */

const CELLS = H * R * L;
const cell = (year, region, level) => (year * R + region) * L + level;
const stock = { ...stood.stock, rows: stood.stock.region.length, closes: stood.stock.closes.map(orNever) };
const shut = new Set(stood.shut.map(([year, row]) => year * stock.rows + row));

/** Places of the rows in use, each at the class size in force; and their sums by cell. */
function standing(rowSize) {
  const rows = new Float64Array(H * stock.rows);
  const cells = Float64Array.from(range(CELLS), (at) => (fixed.stated[at % (R * L)] ? 0 : NaN));
  for (let year = 0; year < H; year += 1) {
    for (let row = 0; row < stock.rows; row += 1) {
      const at = year * stock.rows + row;
      if (!(horizon[year] < stock.closes[row]) || shut.has(at)) continue;
      rows[at] = stock.places[row] * (rowSize[at] / stock.class_size[row]);
      cells[cell(year, stock.region[row], stock.level[row])] += rows[at];
    }
  }
  return { rows, cells };
}

/** Levers on class sizes and on places, in the order of the file. */
function levered(by) {
  let classSize = Float64Array.from(range(CELLS), (at) => fixed.classSize[at % L]);
  const rowSize = Float64Array.from(range(H * stock.rows), (at) => stock.class_size[at % stock.rows]);
  let { rows, cells } = standing(rowSize);
  const altered = new Uint8Array(CELLS);
  const changes = ["class_size", "places"].flatMap((kind) => by[kind].map((change) => ({ kind, change })));
  changes.sort((a, b) => a.change.lever - b.change.lever);
  for (const { kind, change } of changes) {
    if (kind === "places") {
      act(cells, change, R * L);
      act(altered, { ...change, form: "set", value: 1 }, R * L);
      continue;
    }
    const size = classSize, [years, regions, levels] = change.chosen.map((one) => new Set(one));
    const prior = standing(rowSize).cells;
    classSize = classSize.slice();
    act(classSize, change, R * L);
    for (let at = 0; at < rowSize.length; at += 1) {
      const row = at % stock.rows;
      if (years.has(Math.floor(at / stock.rows)) && regions.has(stock.region[row]) && levels.has(stock.level[row])) {
        rowSize[at] = formed(rowSize[at], change.form, change.value);
      }
    }
    const now = standing(rowSize);
    rows = now.rows;
    cells = cells.map((places, at) => {
      if (!altered[at]) return now.cells[at];
      return places * (prior[at] > 0 ? now.cells[at] / prior[at] : classSize[at] / size[at]);
    });
  }
  if (by.moved.has("class_size")) {
    const base = Float64Array.from(range(CELLS), (at) => fixed.classSize[at % L]);
    within("class_size", base, classSize, data.offered.class_size.result);
  }
  return { classSize, rows, cells };
}

/** Shares of a project's places in a year: offered, in full, and taken away by its works. */
function shares(one, opens, year, grades) {
  const stands = year < one.closes, since = year - opens + 1;
  const filling = one.by_grade ? Math.min(Math.max(since / grades, 0), 1) : since > 0 ? 1 : 0;
  return [stands ? filling : 0, stands && year >= opens ? 1 : 0, year >= one.starts && year < opens ? 1 : 0];
}

function supplySide(by) {
  const sizes = [H, R, L], { classSize, rows, cells } = levered(by);
  const altered = adjusted("add_places", new Float64Array(CELLS), by, sizes);
  for (const { years, cell: [region, level], places } of stood.closures) {
    for (const year of years) altered[cell(year, region, level)] -= places;
  }
  for (const { years, cell: [region, source], target, places } of stood.conversions) {
    for (const year of years) {
      const from = cell(year, region, source), to = cell(year, region, target);
      altered[from] -= places;
      altered[to] += places / classSize[from] * classSize[to];
    }
  }
  const margin = adjusted("margin", new Float64Array(CELLS).fill(stood.margin), by, sizes);
  const scale = classSize.map((size, at) => size / fixed.classSize[at % L]);
  const opening = new Float64Array(CELLS), opened = new Float64Array(CELLS);
  const byGrade = new Float64Array(CELLS * MOST);
  for (const one of by.projects) addProject(one, scale, opening, opened, byGrade);
  for (let at = 0; at < CELLS; at += 1) {
    const grades = span[at % L], even = cells[at] + altered[at];
    for (let g = 0; g < grades; g += 1) byGrade[at * MOST + g] += even / grades;
  }
  const usable = cells.map((places, at) => places + opening[at] + altered[at]);
  const listedAll = cells.map((places, at) => places + opened[at] + altered[at]);
  const falls = (cells) => cells.some((places) => places < -1e-9); // where places are unknown nothing falls
  if (by.moved.size && (falls(usable) || falls(listedAll))) fail("levers take more places away than there are");
  return { classSize, rows, stock: cells, altered, margin, scale, opening, opened, byGrade,
    usable, listed: listedAll, more: beyondEven(rows), projects: by.projects };
}

function addProject(one, scale, opening, opened, byGrade) {
  for (let year = 0; year < H; year += 1) {
    for (let level = 0; level < L; level += 1) {
      const places = one.places[level], decant = one.decant[level];
      if (!places && !decant) continue;
      const at = cell(year, one.region, level), grades = span[level];
      const [filling, full, taken] = shares(one, one.opens, horizon[year], grades);
      opening[at] += (filling * places - taken * decant) * scale[at];
      opened[at] += full * places * scale[at];
      for (let g = 0; g < grades; g += 1) {
        const reached = horizon[year] - one.opens >= g || !one.by_grade ? 1 : 0;
        byGrade[at * MOST + g] += (full * reached * places - taken * decant) * scale[at] / grades;
      }
    }
  }
}

/** Stated places of first grades beyond an even share of their rows. */
function beyondEven(rows) {
  const more = new Float64Array(CELLS);
  for (let row = 0; row < stock.rows; row += 1) {
    if (stock.entry[row] === null) continue;
    const level = stock.level[row];
    for (let year = 0; year < H; year += 1) {
      const places = rows[year * stock.rows + row];
      const scale = stock.places[row] > 0 ? places / stock.places[row] : 1;
      more[cell(year, stock.region[row], level)] += stock.entry[row] * scale - places / span[level];
    }
  }
  return more;
}
