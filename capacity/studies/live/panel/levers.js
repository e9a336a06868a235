/* Levers: what the controls say, in the words of a scenario file. */

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
