/* The answer in a sentence, and the rows of the kernel by level and region. */

function sorted(rows) {
  const found = new Map();
  for (const row of rows) {
    let level = found.get(row.level);
    if (!level) found.set(row.level, level = new Map());
    const list = level.get(row.region);
    if (list) list.push(row); else level.set(row.region, [row]);
  }
  return found;
}

const of = (found, level, region) => found.get(level)?.get(region) ?? [];
const inYear = (rows, year) => rows.find(row => row.year === year);

function heads() { // of what the answer speaks, the levels whose rows add up to it
  if (byLevel) return data.levels.map(one => [one.code]);
  return [headline.length ? headline : ["all"]];
}

function totals(view, chosen, name) {
  return data.years.map(year => {
    const values = chosen.map(level => inYear(of(view.rows, level, "all"), year)?.[name]);
    return values.some(known) ? values.reduce((sum, value) => sum + (value ?? 0), 0) : null;
  });
}

function range(view, chosen, year) { // of a sum of several levels no quantiles are known
  const band = chosen.length === 1 ? inYear(of(view.bands, chosen[0], "all"), year) : null;
  return band && known(band.shortage_p10)
    ? say("range", { low: amount(band.shortage_p10), high: amount(band.shortage_p90) }) : "";
}

function answer(view, chosen) {
  const short = totals(view, chosen, "shortage"), year = data.answer_year, n = data.years.indexOf(year);
  if (short.every(value => value === null)) {
    return say("need", { year: yearName(year), places: amount(totals(view, chosen, "demand")[n]) });
  }
  const here = short[n] ?? 0, most = Math.max(...short), worst = data.years[short.findIndex(value => value >= most - 1e-6)];
  const idle = Math.max(0, totals(view, chosen, "surplus")[n] ?? 0);
  const facts = { year: yearName(year), range: range(view, chosen, year), level: levels.get(chosen[0]) };
  const suffix = byLevel ? "_level" : "";
  const parts = [half(here) ? say("short" + suffix, { ...facts, places: amount(here) }) : say("idle" + suffix, { ...facts, places: amount(idle) })];
  if (!half(most)) parts.push(words.never);
  else if (half(most) > half(here)) parts.push(say("worst", { year: yearName(worst), places: amount(most), range: range(view, chosen, worst) }));
  else parts.push(words.worst_same);
  if (view.moved) {
    const change = here - (totals(run, chosen, "shortage")[n] ?? 0), key = half(change) > 0 ? "more_short" : half(change) < 0 ? "fewer_short" : "as_short";
    parts.push(say(key, { places: amount(Math.abs(change)), year: yearName(year) }));
  }
  return parts.join(words.joint) + words.stop;
}

function paintAnswer(view) {
  put(at("said"), heads().map(chosen => answer(view, chosen)).join(" "), view.moved);
  const draws = view.moved ? view.draws : data.scenario.draws;
  const text = view.bands.size ? say("by_draws", { n: whole(draws) }) : view.late ? words.waiting
    : data.luck ? words.not_drawn : words.no_luck;
  put(at("ranges"), text);
  for (const mark of root.querySelectorAll(".live-mark")) put(mark, view.moved ? words.trial : words.at_rest, view.moved);
}
