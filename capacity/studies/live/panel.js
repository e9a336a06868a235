// The tab of live levers: reads the controls, has the kernel work them out, paints what follows.
// Texts reach the page by textContent alone. What is set lives in the address, after "#live=".
"use strict";
(() => {
  const data = capacity.data, { words, years: yearNames, headline, by_level: byLevel } = data.page;
  const HEAD = "#live=", MOST = 8000, RESTS = 150, SETTLE = 300;
  const at = id => document.getElementById(`live-${id}`);
  const root = document.getElementById("live");
  const sliders = [...root.querySelectorAll("input[type=range]")];
  const scopes = new Map([...root.querySelectorAll("[data-scope]")].map(s => [s.dataset.scope, s]));
  const sinces = new Map([...root.querySelectorAll("[data-since]")].map(s => [s.dataset.since, s]));
  const boxes = [...root.querySelectorAll("[data-project]")];
  const names = list => new Map(list.map(one => [one.code, one.title]));
  const regions = names(data.regions).set("all", words.whole), levels = names(data.levels);
  const leaves = data.regions.filter(one => one.leaf);
  // Codes of projects that may be added: those whose luck the page carries.
  const trials = ["trial-1", "trial-2", "trial-3"].filter(code => !data.model.supply.projects.some(one => one.code === code));
  const forms = {
    project: { list: [], row: projectRow, line: projectLine, most: trials.length, name: "project" },
    places: { list: [], row: placesRow, line: placesLine, most: 30, name: "temporary" },
  };

  // ---- words and numbers

  const say = (key, facts = {}) => words[key].replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
  const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
  const half = x => Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x); // as Python rounds
  const known = x => x !== null && x !== undefined;
  const whole = x => known(x) ? grouped.format(half(x) || 0).replace("-", "−") : "";
  const signed = x => known(x) ? (half(x) > 0 ? "+" : "") + whole(x) : "";
  const amount = x => data.lang === "zh" && half(Math.abs(x)) >= 1e4
    ? `${grouped.format(half(x / 1e3) / 10)}万` : whole(x);
  const yearName = year => yearNames[year] ?? String(year);
  const clean = x => Number(x.toFixed(12)); // .95 − .8 without the dust of binary fractions

  function make(tag, facts = {}, ...inside) {
    const one = document.createElement(tag);
    for (const [key, value] of Object.entries(facts)) one.setAttribute(key, value);
    one.append(...inside);
    return one;
  }

  function draw(tag, facts = {}) {
    const one = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(facts)) one.setAttribute(key, value);
    return one;
  }

  function put(node, text, moved) { // no write where nothing changes: writing is what takes time
    if (node.textContent !== text) node.textContent = text;
    if (moved !== undefined) node.classList.toggle("trial", moved);
  }

  // ---- levers

  const LEVERS = { // of a slider: its lever in the words of a scenario file
    births: factor, entry: factor, progression: factor, onward_share: factor,
    class_size: s => ({ times: s.value / s.dataset.rest, where: { level: s.dataset.of }, from: data.next_year }),
    places: s => ({ times: s.value / 100, where: { level: s.dataset.of }, from: data.next_year }),
    margin: s => ({ add: s.value / 100, from: data.next_year }),
    delay: s => ({ add: +s.value, where: { status: s.dataset.of } }),
    completion: s => ({ add: clean((s.value - s.dataset.rest) / 100), where: { status: s.dataset.of } }),
  };

  function factor(slider) {
    const lever = { times: slider.value / 100 }, key = slider.dataset.key;
    if (scopes.get(key).value !== "all") lever.where = { region: scopes.get(key).value };
    if (sinces.get(key).value) lever.from = +sinces.get(key).value;
    return lever;
  }

  const atRest = slider => +slider.value === +slider.dataset.rest;

  function levers() {
    const list = sliders.filter(s => !atRest(s)).map(s => ({ kind: s.dataset.kind, ...LEVERS[s.dataset.kind](s) }));
    const off = boxes.filter(box => !box.checked).map(box => box.dataset.project);
    if (off.length) list.push({ kind: "cancel", where: { project: off } });
    forms.project.list.forEach((one, n) => list.push({ kind: "add_project", add_project: {
      project: trials[n], region: one.region, status: "planned", opens: one.opens,
      ...Object.fromEntries(one.places.map(([level, count]) => [`places_${level}`, count])) } }));
    for (const one of forms.places.list) list.push({ kind: "add_places", add: one.add,
      where: { region: one.region, level: one.level }, from: one.from, until: one.until });
    return list;
  }

  const VALUES = { // how the value of a slider is said
    factor: v => v === 100 ? say("percent", { n: 100 }) : say("changed", { n: v, change: signed(v - 100) }),
    pupils: (v, rest) => say(v === rest ? "pupils" : "pupils_from", { n: v, rest }),
    share: (v, rest) => say(v === rest ? "percent" : "percent_from", { n: v, rest }),
    points: v => v ? `+${say("percent", { n: v })}` : say("on_time"),
    years: v => v === 0 ? say("on_time")
      : say((v > 0 ? "later" : "sooner") + (Math.abs(v) === 1 ? "_one" : ""), { n: Math.abs(v) }),
  };

  function tell(slider) {
    const text = VALUES[slider.dataset.unit](+slider.value, +slider.dataset.rest);
    put(slider.previousElementSibling, text, !atRest(slider));
    slider.setAttribute("aria-valuetext", text);
  }

  // ---- added projects and places: an object is what a form, or an address, gave and passed `row`

  const count = (text, least) => /^\d{1,5}$/.test(text) && +text >= least ? +text : null;
  const coming = text => data.years.includes(+text) && +text >= data.next_year ? +text : null;
  const leaf = code => leaves.some(one => one.code === code) ? code : null;

  function projectRow([region, opens, ...places]) {
    const pairs = places.map((text, n) => [data.levels[n]?.code, count(text || "0", 0)]);
    const good = leaf(region) !== null && coming(opens) !== null && pairs.length === data.levels.length
      && pairs.every(pair => pair[1] !== null) && pairs.some(pair => pair[1]);
    return good ? { region, opens: +opens, places: pairs.filter(pair => pair[1]), tokens: [region, opens, ...places] } : null;
  }

  function placesRow([region, level, add, from, until]) {
    const good = leaf(region) !== null && levels.has(level) && count(add, 1) !== null
      && coming(from) !== null && coming(until) !== null && +from <= +until;
    return good ? { region, level, add: +add, from: +from, until: +until, tokens: [region, level, add, from, until] } : null;
  }

  function projectLine(one, n) {
    const places = one.places.map(([level, count]) => say("places_of", { n: whole(count), level: levels.get(level) }));
    return say("new_project", { code: trials[n], region: regions.get(one.region), year: yearName(one.opens), places: places.join(", ") });
  }

  function placesLine(one) {
    return say("new_places", { n: whole(one.add), region: regions.get(one.region), level: levels.get(one.level),
      from: yearName(one.from), until: yearName(one.until) });
  }

  function listAdded() {
    for (const [name, form] of Object.entries(forms)) {
      at(`${name}-list`)?.replaceChildren(...form.list.map((one, n) => {
        const text = form.line(one, n), gone = make("button", { type: "button", "aria-label": say("remove", { what: text }) }, "×");
        gone.onclick = () => { form.list.splice(n, 1); listAdded(); moved(); at(`${name}-add`).focus(); };
        return make("li", {}, text, " ", gone);
      }));
    }
  }

  for (const [name, form] of Object.entries(forms)) at(`${name}-add`)?.addEventListener("click", () => {
    const fields = [...at(name).querySelectorAll("select, input")];
    const ordered = name === "project" ? [fields[0], fields.at(-1), ...fields.slice(1, -1)] : fields;
    const row = form.row(ordered.map(field => field.value));
    const asked = fields.find(field => field.type === "number");
    asked.setCustomValidity(row ? "" : say("refused_value", { name: say("number") }));
    if (!row || form.list.length >= form.most) return void asked.reportValidity();
    form.list.push(row);
    listAdded();
    moved();
  });

  // ---- the address: kind.of=value,region,from & cancel=code & project=… & places_added=…

  const packed = tokens => tokens.map(token => encodeURIComponent(token)).join(",");

  function fragment() {
    const parts = sliders.filter(s => !atRest(s)).map(s => {
      const key = s.dataset.key, scope = scopes.get(key), tokens = [s.value];
      if (scope && (scope.value !== "all" || sinces.get(key).value)) tokens.push(scope.value, sinces.get(key).value);
      return `${packed(key.split(/\.(.*)/s, 2)).replace(",", ".")}=${packed(tokens)}`;
    });
    for (const box of boxes) if (!box.checked) parts.push(`cancel=${packed([box.dataset.project])}`);
    for (const form of Object.values(forms)) for (const one of form.list) parts.push(`${form.name}=${packed(one.tokens)}`);
    return parts.length ? HEAD + parts.join("&") : "";
  }

  function restore(text) { // whatever is not exactly what this page writes is refused, and named
    const refused = [];
    rest();
    if (text.startsWith(HEAD)) {
      if (text.length > MOST) refused.push(words.refused_long);
      else for (const part of text.slice(HEAD.length).split("&").filter(Boolean)) {
        const why = entered(part);
        if (why) refused.push(say(why, { name: part.split("=")[0].slice(0, 40) }));
      }
    }
    listAdded();
    at("refused").hidden = !refused.length;
    put(at("refused"), refused.length ? say("refused", { what: refused.slice(0, 5).join(words.joint) }) : "");
  }

  function entered(part) {
    let key, tokens;
    try {
      key = decodeURIComponent(part.split("=")[0]);
      tokens = part.slice(part.indexOf("=") + 1).split(",").map(decodeURIComponent);
    } catch { return "refused_value"; }
    if (key === "cancel") {
      const box = boxes.find(one => one.dataset.project === tokens[0]);
      if (box) box.checked = false;
      return box ? "" : "refused_value";
    }
    const form = Object.values(forms).find(one => one.name === key);
    if (form) {
      const row = data.offered[key === "project" ? "add_project" : "add_places"] ? form.row(tokens) : null;
      if (!row || form.list.length >= form.most) return "refused_value";
      form.list.push(row);
      return "";
    }
    const slider = sliders.find(one => one.dataset.key === key);
    return slider ? slid(slider, tokens) : "refused_unknown";
  }

  function slid(slider, [value, region = "all", since = ""]) {
    const key = slider.dataset.key, scope = scopes.get(key), number = +value;
    const fits = (select, wanted) => [...select.options].some(one => one.value === wanted);
    const good = /^-?\d{1,4}(\.\d{1,9})?$/.test(value) && number >= +slider.min && number <= +slider.max
      && (scope ? fits(scope, region) && fits(sinces.get(key), since) : region === "all" && !since);
    if (!good) return "refused_value";
    slider.value = value;
    if (scope) { scope.value = region; sinces.get(key).value = since; }
    return "";
  }

  function rest() {
    for (const slider of sliders) slider.value = slider.dataset.rest;
    for (const select of [...scopes.values(), ...sinces.values()]) select.selectedIndex = 0;
    for (const box of boxes) box.checked = true;
    for (const form of Object.values(forms)) form.list = [];
  }

  // ---- what the kernel gave, by level and region

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

  // ---- the answer

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

  // ---- the compass: a small picture for each region

  const WIDE = 120, TALL = 72;
  const tiles = new Map();
  let span = 1; // of all: places between the lowest and the highest line of a picture

  function buildCompass() {
    const placed = leaves.length > 1 && leaves.every(one => one.cell);
    const least = placed ? [0, 1].map(n => Math.min(...leaves.map(one => one.cell[n]))) : [0, 0];
    at("compass").classList.toggle("placed", placed);
    for (const one of leaves.length ? leaves : [{ code: "all", title: words.whole }]) {
      const figure = make("figure"), number = make("span", { class: "figure" });
      const svg = draw("svg", { viewBox: `0 0 ${WIDE} ${TALL}`, role: "img", preserveAspectRatio: "none" });
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

  // ---- the tables

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
    classes = shown.map(region => data.levels.map(level => ({ region, level: level.code, cell: make("td") })));
    at("entry").style.setProperty("--columns", data.levels.length);
    table("entry", [words.region, ...data.levels.map(one => one.title)], shown.map((code, n) => [regions.get(code), ...classes[n].map(one => one.cell)]));
  }

  function paintEntry(view) {
    for (const { region, level, cell } of classes.flat()) {
      const row = inYear(of(view.entry, level, region), data.next_year), band = inYear(of(view.entryBands, level, region), data.next_year);
      const range = band && known(band.classes_p10) ? ` (${say("between", { low: whole(band.classes_p10), high: whole(band.classes_p90) })})` : "";
      const warned = row?.band === "red" || row?.band === "yellow" ? row.band : "";
      put(cell, row ? `${whole(row.classes_needed)}${range}${warned ? ` ${words[warned]}` : ""}` : "", view.moved);
      cell.dataset.band = warned;
    }
  }

  // ---- the scenario file

  // Signs that a YAML file may not hold as they are, and those that turn or hide text.
  const HIDDEN = /[\u007f-\u00a0\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]/g;
  const quoted = text => JSON.stringify(text).replace(HIDDEN, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

  function flow(value) {
    if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
    if (typeof value === "number") return String(value);
    if (typeof value === "string") return /^[a-z]\w*$/.test(value) && !/^(y|n|yes|no|on|off|true|false|null)$/.test(value) ? value : quoted(value);
    return `{${Object.entries(value).map(([key, one]) => `${/^[a-z]\w*$/.test(key) ? key : quoted(key)}: ${flow(one)}`).join(", ")}}`;
  }

  function scenario(list) {
    const head = [["name", fileName()], ["title", at("file-title").value.trim()], ["question", at("file-question").value.trim()]];
    if (data.page.extends) head.push(["extends", data.scenario.file]);
    const lines = head.filter(pair => pair[1]).map(([key, text]) => `${key}: ${quoted(text)}`);
    return [...lines, "levers:", ...list.map(one => `  - ${flow(one)}`), ""].join("\n");
  }

  function fileName() {
    const name = at("file-name").value.replace(/[^\p{L}\p{N}_-]/gu, "").replace(/^-+/, "").slice(0, 64);
    return name || "trial";
  }

  function paintFile() {
    const list = levers();
    put(at("save"), say("save", { file: `${fileName()}.yaml` }));
    at("save").disabled = at("copy").disabled = !list.length;
    at("text").value = list.length ? scenario(list) : words.file_none;
    if (at("command")) put(at("command"), `capacity run ${fileName()}.yaml`);
  }

  at("save").onclick = () => {
    const link = make("a", { download: `${fileName()}.yaml`, href: URL.createObjectURL(new Blob([scenario(levers())], { type: "text/yaml" })) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  at("copy").onclick = async () => {
    at("text").select();
    let done = false;
    try { await navigator.clipboard.writeText(at("text").value); done = true; } catch { done = document.execCommand("copy"); }
    put(at("copied"), done ? words.copied : "");
  };

  // ---- draws: in a thread of their own, so that no lever waits for them; the newest levers next

  const source = document.currentScript.previousElementSibling.textContent; // the kernel
  let thread = null, asked = false, wanted = null, later = 0, ranges = null;

  function begin() { // the same kernel, on the same data; where there are no threads, here, when a lever rests
    if (thread !== null || !data.luck) return;
    const code = ['"use strict"; self.window = self; onmessage = ({ data: given }) => { if (typeof given === "string") {',
      'self.document = { getElementById: () => ({ textContent: given }) };', source, 'return; }',
      'let out = null; try { out = capacity.run(given, { draws: true }); } catch { /* told by the page */ }',
      'postMessage(out && { draws: out.draws, bands: out.bands, entry_bands: out.entry_bands }); };'];
    try {
      thread = new Worker(URL.createObjectURL(new Blob(code.map(line => `${line}\n`), { type: "text/javascript" })));
      thread.onmessage = ({ data: out }) => { asked = false; taken(out); };
      thread.onerror = () => { thread = false; asked = false; if (wanted) ask(wanted); };
      thread.postMessage(document.getElementById("capacity-data").textContent);
    } catch { thread = false; }
  }

  function ask(list) {
    begin();
    wanted = data.luck && list.length ? list : null;
    clearTimeout(later);
    if (!wanted) ranges = null;
    else if (!thread) later = setTimeout(() => { try { taken(capacity.run(list, { draws: true })); } catch { taken(null); } }, RESTS);
    else if (!asked) send();
  }

  function send() {
    thread.postMessage(wanted);
    asked = true;
    wanted = null;
  }

  function taken(out) {
    if (thread && wanted) send();
    else if (!thread) wanted = null;
    ranges = out && levers().length ? { draws: out.draws, bands: sorted(out.bands), entryBands: sorted(out.entry_bands) } : null;
    soon();
  }

  // ---- painting: at most once a frame

  const chosen = { region: "all", level: "all" }, nothing = { draws: 0, bands: new Map(), entryBands: new Map() };
  let run, waiting = 0, settling = 0, central = null; // central: null where a lever or a choice changed since

  function worked() {
    const list = levers();
    if (!list.length) return run;
    const out = capacity.run(list, { draws: false });
    return { moved: true, rows: sorted(out.rows), entry: sorted(out.entry) };
  }

  function paint() {
    waiting = 0;
    try {
      const anew = !central;
      central ??= worked();
      const view = central.moved ? { ...central, late: asked || wanted, ...(ranges ?? nothing) } : central;
      paintAnswer(view);
      if (anew) paintCompass(view);
      paintYears(view);
      paintEntry(view);
      at("failed").hidden = true;
    } catch (error) {
      at("failed").hidden = false;
      put(at("failed"), say("failed", { why: error.message }));
    }
    calm();
  }

  function calm() { // all is painted, and said once to those who do not see it
    if (settling || waiting || asked || wanted) return;
    if (central) tellCompass(central);
    put(at("spoken"), at("failed").hidden ? at("said").textContent : at("failed").textContent);
    root.querySelector(".live-results").setAttribute("aria-busy", "false");
  }

  const soon = () => { waiting ||= requestAnimationFrame(paint); };

  function settle() {
    settling = 0;
    paintFile();
    const wanted = fragment();
    if (location.hash !== wanted && (wanted || location.hash.startsWith(HEAD))) location.hash = wanted || HEAD;
    calm();
  }

  function moved() {
    root.querySelector(".live-results").setAttribute("aria-busy", "true");
    central = null;
    soon();
    ask(levers());
    clearTimeout(settling);
    settling = setTimeout(settle, SETTLE);
  }

  function show() { // all of it anew: another region or level, or another address
    sliders.forEach(tell);
    buildYears();
    scaleCompass();
    central = null;
    soon();
    ask(levers());
    paintFile();
  }

  root.addEventListener("input", event => {
    const one = event.target;
    if (one.type === "range") tell(one);
    if (one === at("search")) {
      const wanted = one.value.trim().toLowerCase();
      for (const box of boxes) box.closest("li").hidden = !box.parentNode.textContent.toLowerCase().includes(wanted);
    } else if (one === at("region") || one === at("level")) {
      chosen[one.id.slice(5)] = one.value;
      show();
    } else if (one.id.startsWith("live-file-")) paintFile();
    else if (one.matches("[type=range], [data-scope], [data-since], [data-project]")) moved();
  });
  for (const name of ["pointerenter", "focusin"]) root.addEventListener(name, begin, { once: true });
  root.querySelector("form").addEventListener("submit", event => event.preventDefault());
  at("reset").onclick = () => { rest(); listAdded(); sliders.forEach(tell); at("refused").hidden = true; moved(); };
  addEventListener("hashchange", () => {
    const here = location.hash;
    if (!here.startsWith(HEAD) || here === (fragment() || HEAD)) return;
    restore(here);
    show();
  });
  addEventListener("pagehide", () => {
    const wanted = fragment();
    if (settling && wanted) history.replaceState(null, "", wanted);
  });

  try {
    const out = capacity.run([], { draws: false });
    run = { moved: false, draws: data.scenario.draws, rows: sorted(out.rows), entry: sorted(out.entry),
      bands: sorted(data.rest.bands), entryBands: sorted(data.rest.entry_bands) };
    buildCompass();
    buildEntry();
    restore(location.hash);
    show();
  } catch (error) {
    at("failed").hidden = false;
    put(at("failed"), say("failed", { why: error.message }));
  }
})();
