/* What a run knows, as arrays; names are those of capacity/model. */

const { axes, demand: given, supply: stood, changes: before } = data.model;
const YEARS = axes.years.length, START = axes.start, H = YEARS - START;
const A = axes.areas.length, G = axes.grades.length, L = axes.levels.length;
const R = axes.regions.length, ROWS = axes.rows.length, DISTRICT = ROWS - 1;
const regionOf = axes.areas.map(([region]) => region);
const levelOf = axes.level_of, entry = axes.entry, span = axes.span, MOST = Math.max(...span);
const horizon = axes.years.slice(START);
const range = (n) => Array.from({ length: n }, (_, i) => i);
const orNaN = (value) => (value === null ? NaN : value);
const orNever = (value) => (value === null ? Infinity : value);
const orZero = (value) => (Number.isNaN(value) ? 0 : value);

/** An array as it was sent, whole: alike years stand once, and what is 0 everywhere not at all. */
function whole(sent, ...shape) {
  const size = shape.reduce((a, b) => a * b, 1), out = new Float64Array(size);
  if (sent === null) return out;
  const values = Float64Array.from(sent.values, orNaN);
  for (let at = 0; at < size; at += values.length) out.set(values, at);
  return out;
}

const fixed = {
  base: whole(given.base, A, G),
  births: whole(given.births, YEARS, A),
  children: whole(given.children, YEARS, A),
  statedEntry: whole(given.stated_entry, H, A),
  perBirth: whole(given.per_birth, H, A),
  perChild: whole(given.per_child, H, A),
  entrants: Float64Array.from(given.entrants, orNaN),
  progression: whole(given.progression, H, A, G),
  closed: whole(given.closed, H, A, G),
  onward: given.onward.map(orNaN),
  laterPerBirth: whole(given.later_per_birth, H, A, G),
  laterPerChild: whole(given.later_per_child, H, A, G),
  migration: whole(given.migration, H, A, G),
  smallArea: whole(given.small_area, H, A, G),
  homes: given.homes && whole(given.homes, H, A, G),
  flows: given.flows.map((flow) => ({
    grade: flow.grade, into: flow.into, share: links(flow.share),
  })),
  rezoned: given.rezoned.map((one) => ({ grade: one.grade, share: links(one.share) })),
  stated: range(R * L).map((at) => stood.stated[Math.floor(at / L)][at % L]),
  classSize: stood.class_size,
};

/** Shares (year, from, to) as lists [from, to, share] a year; the last serves all later ones. */
function links(sent) {
  if (sent === null) return [[]];
  const [years, from, to] = sent.shape;
  return range(years).map((year) => range(from * to)
    .map((at) => [Math.floor(at / to), at % to, sent.values[year * from * to + at]])
    .filter(([, , share]) => share !== 0));
}
const inYear = (shares, year) => shares[Math.min(year, shares.length - 1)];
