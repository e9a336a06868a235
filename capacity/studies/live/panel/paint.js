/* Painting, at most once a frame; and what sets it going. */

const chosen = { region: "all", level: "all" }, nothing = { draws: 0, bands: new Map(), entryBands: new Map() };
let run, waiting = 0, settling = 0, address = location.hash, central = null; // central: null where a lever or a choice changed since

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
  const set = fragment();
  if (location.hash !== set && (set || location.hash.startsWith(HEAD))) location.hash = address = set || HEAD;
  calm();
}

const busy = () => root.querySelector(".live-results").setAttribute("aria-busy", "true");

function moved() {
  busy();
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
  busy();
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
  if (!here.startsWith(HEAD) || here === address) return; // told late of what was written here
  address = here;
  restore(here);
  show();
});
addEventListener("pagehide", () => {
  if (settling) history.replaceState(null, "", fragment() || HEAD);
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
