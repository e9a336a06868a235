/* Words and numbers as people read them. */

const filled = (key, facts) => words[key].replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
const say = (key, facts = {}) => { // in Chinese no blank stands between myriads and their measure word
  if (data.lang !== "zh") return filled(key, facts);
  const myriads = filled("myriads", { n: "" });
  return filled(key, facts).replaceAll(`${myriads}${words.measure}`, `${myriads}${words.measure.trim()}`);
};
const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
const half = x => Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x); // as Python rounds
const known = x => x !== null && x !== undefined;
const whole = x => known(x) ? grouped.format(half(x) || 0).replace("-", "−") : "";
const signed = x => known(x) ? (half(x) > 0 ? "+" : "") + whole(x) : "";
const amount = x => data.lang === "zh" && half(Math.abs(x)) >= 1e4
  ? say("myriads", { n: grouped.format(half(x / 1e3) / 10) }) : whole(x);
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
