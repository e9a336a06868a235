/* What the page has: its data, its controls and names. Texts reach the page by textContent alone. */

const data = capacity.data, { words, years: yearNames, headline, by_level: byLevel } = data.page;
const HEAD = "#live=", MOST = 8000, RESTS = 150, SETTLE = 300, MANY = 40;
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
