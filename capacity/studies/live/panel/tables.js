/* The tables: by year, and the first classes of the next autumn. */

const COLUMNS = ["demand", "places", "gap", "against", "shortage", "range"];
let cells = [], classes = [];

function table(id, heads, rows) {
  const head = make("tr", {}, ...heads.map((text, n) => make("th", { scope: "col", class: n ? "" : "text" }, text)));
  const body = rows.map(([name, ...inside]) => make("tr", {}, make("th", { scope: "row" }, name), ...inside));
  at(id).replaceChildren(make("thead", {}, head), make("tbody", {}, ...body));
}

function buildYears() {
  cells = data.years.map(() => COLUMNS.map(() => make("td")));
  table("years", [words.year, ...COLUMNS.map(name => words[`col_${name}`])], data.years.map((year, n) => [yearName(year), ...cells[n]]));
  const level = levels.get(chosen.level) ?? words.all_levels;
  put(at("years-head").firstElementChild, say("by_year", { region: regions.get(chosen.region), level }));
}

function paintYears(view) {
  const rows = of(view.rows, chosen.level, chosen.region), was = of(run.rows, chosen.level, chosen.region);
  const bands = of(view.bands, chosen.level, chosen.region);
  rows.forEach((row, n) => {
    const band = inYear(bands, row.year), change = known(row.gap) && known(was[n].gap) ? row.gap - was[n].gap : null;
    const range = band && known(band.shortage_p10) ? say("between", { low: whole(band.shortage_p10), high: whole(band.shortage_p90) }) : "";
    const texts = [whole(row.demand), whole(row.places), signed(row.gap), view.moved ? signed(change) : "", whole(row.shortage), range];
    texts.forEach((text, k) => put(cells[n][k], text, view.moved));
    COLUMNS.forEach((name, k) => { cells[n][k].figure = row[name] ?? null; }); // unrounded, for whoever asks
  });
  at("shared").hidden = rows.some(row => known(row.shortage)) || rows.every(row => !known(row.gap));
}

function buildEntry() {
  const shown = [...leaves.map(one => one.code), "all"];
  classes = shown.map(region => data.levels.map(level => ({ region, level: level.code, cell: make("td", {}, make("span"), " ", make("span")) })));
  at("entry").style.setProperty("--columns", data.levels.length);
  table("entry", [words.region, ...data.levels.map(one => one.title)], shown.map((code, n) => [regions.get(code), ...classes[n].map(one => one.cell)]));
}

function paintEntry(view) {
  for (const { region, level, cell } of classes.flat()) {
    const row = inYear(of(view.entry, level, region), data.next_year), band = inYear(of(view.entryBands, level, region), data.next_year);
    const range = band && known(band.classes_p10) ? `(${say("between", { low: whole(band.classes_p10), high: whole(band.classes_p90) })})` : "";
    const warned = row?.band === "red" || row?.band === "yellow" ? row.band : "";
    put(cell.firstChild, row ? `${whole(row.classes_needed)}${warned ? ` ${words[warned]}` : ""}` : "");
    put(cell.lastChild, range);
    cell.classList.toggle("trial", view.moved);
    cell.dataset.band = warned;
  }
}
