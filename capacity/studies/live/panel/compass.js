/* The compass: a small picture for each region, drawn by paths. */

const WIDE = 120, TALL = 72;
const tiles = new Map();
let span = 1; // of all: places between the lowest and the highest line of a picture

function buildCompass() {
  for (const place of leaves.length > MANY ? [at("compass"), at("entry").parentNode] : []) {
    place.classList.add("live-many"); // scrolls by itself, and by keyboard
    place.tabIndex = 0;
  }
  const placed = leaves.length > 1 && leaves.every(one => one.cell);
  const least = placed ? [0, 1].map(n => Math.min(...leaves.map(one => one.cell[n]))) : [0, 0];
  at("compass").classList.toggle("placed", placed);
  for (const one of leaves.length ? leaves : [{ code: "all", title: words.whole }]) {
    const figure = make("figure"), number = make("span", { class: "figure" });
    const svg = draw("svg", { viewBox: `0 0 ${WIDE} ${TALL}`, role: "img", "aria-label": one.title,
      preserveAspectRatio: "none" });
    const lines = Object.fromEntries(["short", "idle", "was-places", "was-demand", "places", "demand"].map(name => {
      const path = draw("path", { class: `live-${name}` });
      svg.append(path);
      return [name, path];
    }));
    figure.append(make("figcaption", {}, make("span", {}, one.title), " ", number), svg);
    if (placed) {
      figure.style.setProperty("--row", one.cell[0] - least[0] + 1);
      figure.style.setProperty("--column", one.cell[1] - least[1] + 1);
    }
    at("compass").append(figure);
    tiles.set(one.code, { svg, number, lines, title: one.title });
  }
}

const across = n => (n * WIDE / Math.max(1, data.years.length)).toFixed(1);
const up = (value, middle) => (TALL / 2 - TALL * (value - middle) / span).toFixed(1);

function stepped(rows, name, middle) { // a value holds for its whole year
  let path = "", pen = "M";
  rows.forEach((row, n) => {
    if (!known(row[name])) { pen = "M"; return; }
    path += `${pen}${across(n)} ${up(row[name], middle)}H${across(n + 1)}`;
    pen = "L";
  });
  return path;
}

function between(rows, sign, middle) { // the gap of each year as a bar between demand and places
  return rows.map((row, n) => known(row.gap) && row.gap * sign > 0
    ? `M${across(n)} ${up(row.demand, middle)}H${across(n + 1)}V${up(row.places, middle)}H${across(n)}Z` : "").join("");
}

const ends = rows => {
  const values = rows.flatMap(row => [row.demand, row.places].filter(known));
  return values.length ? [Math.min(...values), Math.max(...values)] : [0, 0];
};

function scaleCompass() { // one scale for all, each around its own middle; it widens, and never jumps back
  span = 1;
  for (const [code, tile] of tiles) {
    const [low, high] = ends(of(run.rows, chosen.level, code));
    tile.middle = (low + high) / 2;
    span = Math.max(span, 1.6 * (high - low));
  }
  paintWas();
  put(at("compass-head").firstElementChild, say("compass", { level: levels.get(chosen.level) ?? words.all_levels }));
}

function paintWas() {
  for (const [code, { lines, middle }] of tiles) for (const name of ["demand", "places"]) {
    lines[`was-${name}`].setAttribute("d", stepped(of(run.rows, chosen.level, code), name, middle));
  }
}

function paintCompass(view) {
  const needed = Math.max(...[...tiles].map(([code, { middle }]) => {
    const [low, high] = ends(of(view.rows, chosen.level, code));
    return 2 * Math.max(high - middle, middle - low);
  }));
  if (needed > span) {
    span = 1.2 * needed;
    paintWas();
  }
  for (const [code, { lines, number, middle }] of tiles) {
    const rows = of(view.rows, chosen.level, code), row = inYear(rows, data.answer_year);
    for (const name of ["demand", "places"]) lines[name].setAttribute("d", stepped(rows, name, middle));
    lines.short.setAttribute("d", between(rows, 1, middle));
    lines.idle.setAttribute("d", between(rows, -1, middle));
    put(number, signed(row?.gap), view.moved);
    number.dataset.sign = Math.sign(half(row?.gap ?? 0));
  }
  at("compass").classList.toggle("moved", view.moved);
}

function tellCompass(view) {
  for (const [code, { svg, title }] of tiles) {
    const row = inYear(of(view.rows, chosen.level, code), data.answer_year);
    svg.setAttribute("aria-label", say("tile", { region: title, year: yearName(data.answer_year),
      demand: whole(row?.demand), places: whole(row?.places), gap: signed(row?.gap) }));
  }
}
