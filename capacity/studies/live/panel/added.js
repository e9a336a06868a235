/* Added projects and places: an object is what a form, or an address, gave and passed `row`. */

const count = (text, least) => /^\d{1,5}$/.test(text) && +text >= least ? +text : null;
const coming = text => data.years.includes(+text) && +text >= data.next_year ? +text : null;
const leaf = code => leaves.some(one => one.code === code) ? code : null;

function projectRow([region, opens, ...places]) {
  const pairs = places.map((text, n) => [data.levels[n]?.code, count(text || "0", 0)]);
  const good = leaf(region) !== null && coming(opens) !== null && pairs.length === data.levels.length
    && pairs.every(pair => pair[1] !== null) && pairs.some(pair => pair[1]);
  return good ? { region, opens: +opens, places: pairs.filter(pair => pair[1]), tokens: [region, opens, ...pairs.map(pair => pair[1])] } : null;
}

function placesRow([region, level, add, from, until]) {
  const good = leaf(region) !== null && levels.has(level) && count(add, 1) !== null
    && coming(from) !== null && coming(until) !== null && +from <= +until;
  return good ? { region, level, add: +add, from: +from, until: +until, tokens: [region, level, add, from, until] } : null;
}

function projectLine(one, n) {
  const places = one.places.map(([level, count]) => say("places_of", { n: whole(count), level: levels.get(level) }));
  return say("new_project", { code: trials[n], region: regions.get(one.region), year: yearName(one.opens), places: places.join(words.list) });
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
