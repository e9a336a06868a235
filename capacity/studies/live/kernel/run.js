/* The face of the kernel. */

let begins = null; // where cohorts begin at rest: luck is of those

/** Bands by the run's own draws; null where a lever makes cohorts begin that had no luck in the run. */
function drawn(demand, supply) {
  const sampler = sampling(demand);
  begins ??= sampling(demandSide(layered([]))).starts;
  if (sampler.starts.some((one, at) => one !== begins[at])) return null;
  const places = drawnPlaces(supply);
  if (!places) return null;
  const { heads, entrants } = drawnDemand(demand, sampler), bands = [], entryBands = [];
  const free = supply.margin.some(Boolean), more = supply.more.some(Boolean);
  for (let year = 0; year < H; year += 1) {
    bandsOfYear(year, yearCells(year, heads, places, supply, free), places.n > 1, bands);
    entryBandsOfYear(year, entrants, places, supply, more, entryBands);
  }
  return { bands, entry_bands: entryBands, draws: N };
}

/** Run with further levers: rows as in results.csv and entry.csv, and with draws their bands. */
function run(levers = [], { draws = false } = {}) {
  if (!Array.isArray(levers)) fail("levers are a list");
  const by = layered(levers), demand = demandSide(by), supply = supplySide(by), rows = [], entries = [];
  for (let year = 0; year < H; year += 1) balancedYear(year, demand, supply, rows, entries);
  const found = draws && luck ? drawn(demand, supply) : null;
  return { rows, entry: entries, ...(found ?? { bands: [], entry_bands: [], draws: 0 }) };
}

/** Rows of a table that came as columns and lists. */
const opened = ({ columns, rows }) => rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
const rest = Object.freeze({ bands: opened(data.rest.bands), entry_bands: opened(data.rest.entry_bands) });

return Object.freeze({ data: Object.freeze({ ...data, rest }), run });
