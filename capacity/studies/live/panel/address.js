/* The address: what is set as kind.of=value,region,from & cancel=code & project=… & temporary=… */

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
