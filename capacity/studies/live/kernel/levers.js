/* Levers in the words of a scenario file to the cells that each acts on. */

const DIMS = {
  births: ["year", "area"], entry: ["horizon", "area"],
  onward_share: ["horizon", "area", "level"], progression: ["horizon", "area", "grade"],
  class_size: ["horizon", "region", "level"], places: ["horizon", "region", "level"],
  add_places: ["horizon", "region", "level"], margin: ["horizon", "region", "level"],
};
const WHERE = {
  births: ["region", "group"], entry: ["region", "group"],
  onward_share: ["region", "group", "level"], progression: ["region", "group", "level", "grade"],
  class_size: ["region", "level"], places: ["region", "level"], margin: ["region", "level"],
  add_places: ["region", "level"], delay: ["project", "region", "status"],
  completion: ["project", "region", "status"], cancel: ["project", "region", "status"],
  add_project: [],
};
const DATED = ["kind", "where", "from", "until", "set", "add", "times", "replaces"];
const KEYS = {
  delay: ["kind", "where", "set", "add", "replaces"], cancel: ["kind", "where"],
  add_project: ["kind", "add_project"],
};
const STATUSES = ["open", "building", "approved", "planned", "idea", "cancelled"];

const fail = (text) => { throw new Error(text); };
const listed = (value) => (Array.isArray(value) ? value : [value]);
const isYear = (value) => Number.isInteger(value) && value > 0 && value < 10000;

/** Refuse what is no lever that is offered, in the words of a scenario file. */
function checked(lever, number) {
  const at = `lever ${number}`;
  if (lever === null || typeof lever !== "object" || Array.isArray(lever)) fail(`${at}: no map`);
  const kind = lever.kind;
  if (!Object.hasOwn(data.offered, kind)) fail(`${at}: kind ${String(kind)} is not offered here`);
  const keys = KEYS[kind] ?? DATED, where = lever.where ?? {};
  for (const key of Object.keys(lever)) if (!keys.includes(key)) fail(`${at}: unknown key ${key}`);
  for (const key of Object.keys(where)) {
    if (!WHERE[kind].includes(key)) fail(`${at}: unknown key where.${key}`);
  }
  for (const key of ["from", "until"]) {
    if (lever[key] !== undefined && !isYear(lever[key])) fail(`${at}: ${key} is no year`);
  }
  if (lever.from > lever.until) fail(`${at}: until comes before from`);
  const forms = ["set", "add", "times"].filter((form) => lever[form] !== undefined);
  const allowed = data.offered[kind].forms;
  if (forms.length !== (allowed.length ? 1 : 0)) fail(`${at}: not one form of value`);
  const [form] = forms;
  if (form !== undefined) {
    const value = lever[form], [low, high] = data.offered[kind].limits[form] ?? fail(`${at}: ${form}`);
    if (typeof value !== "number" || !Number.isFinite(value)) fail(`${at}: ${form} is no number`);
    if ((low !== null && value < low) || (high !== null && value > high)) {
      fail(`${at}: ${form} ${value} is beyond ${low} … ${high}`);
    }
    if (kind === "delay" && !Number.isInteger(value)) fail(`${at}: ${form} is no whole number`);
  }
  if (kind === "cancel" && !Object.keys(where).length) fail(`${at}: nothing is chosen`);
  if (kind === "add_places" && !(where.region && where.level)) fail(`${at}: region and level`);
  if (kind === "onward_share" && form !== "times" && fixed.onward.every(Number.isNaN)) {
    fail(`${at}: no onward share is stated, so it takes only times`);
  }
  return { kind, where, form, value: form && lever[form], number,
    acts: (year) => !(year < lever.from) && !(year > lever.until), row: lever.add_project };
}

/** Positions of what a key of `where` names, every one of them known; all where it names none. */
function named(lever, key, every) {
  const wanted = lever.where[key];
  if (wanted === undefined) return range(every.length);
  return listed(wanted).map((name) => {
    const at = every.indexOf(name);
    return at >= 0 ? at : fail(`lever ${lever.number}: unknown ${key} ${String(name)}`);
  });
}

/** Leaf regions that a lever chooses: a region chooses those within it. */
function regionsOf(lever) {
  const codes = Object.keys(axes.leaves);
  return new Set(named(lever, "region", codes).flatMap((at) => axes.leaves[codes[at]]));
}

const groupsOf = (lever) => {
  const groups = Object.keys(axes.level_at);
  return new Set(named(lever, "group", groups).map((at) => groups[at]));
};

/** Grades that a lever chooses: of its levels, in any of its groups; progression leads above. */
function gradesOf(lever, levels, groups) {
  const first = lever.kind === "progression" ? 1 : 0;
  return named(lever, "grade", axes.grades).filter((grade) => grade >= first
    && [...groups].some((group) => levels.has(axes.level_at[group][grade])));
}

/** A lever of the page as the scenario's own come: the positions that it acts on. */
function compiled(lever) {
  const [time, ...others] = DIMS[lever.kind];
  const years = time === "year" ? axes.years : horizon;
  const leaves = regionsOf(lever), groups = groupsOf(lever);
  const levels = new Set(named(lever, "level", axes.levels));
  if (lever.kind === "onward_share" && lever.where.level !== undefined && [...levels].some((at) => !entry[at])) {
    fail(`lever ${lever.number}: no leavers go on to the first level`);
  }
  if (lever.kind === "entry" && lever.form !== "times") countedIn(leaves, lever);
  const acting = range(years.length).filter((at) => lever.acts(years[at])
    && !(time === "horizon" && others[0] === "area" && at === 0)); // the base year is known
  const along = {
    area: () => range(A).filter((a) => leaves.has(regionOf[a]) && groups.has(axes.areas[a][1])),
    region: () => range(R).filter((region) => leaves.has(region)),
    level: () => [...levels].sort((a, b) => a - b),
    grade: () => gradesOf(lever, levels, groups),
  };
  const chosen = others.map((axis) => along[axis]());
  if (others.some((axis, at) => axis !== "area" && !chosen[at].length)) fail(`lever ${lever.number}: it chooses no cell`);
  return flat({ lever: lever.number, form: lever.form, value: lever.value, chosen: [acting, ...chosen],
    among: among(lever, others, levels) }, lever.kind);
}

/** Refuse a ratio per birth or child where neither are counted. */
function countedIn(leaves, lever) {
  for (const region of leaves) {
    const own = range(A).filter((a) => regionOf[a] === region);
    const some = range(YEARS).some((year) => own.some((a) => !Number.isNaN(fixed.births[year * A + a])
      || !Number.isNaN(fixed.children[year * A + a])));
    if (!some) fail(`lever ${lever.number}: neither births nor children of ${axes.regions[region]}; use times`);
  }
}

/** Cells of chosen areas that a lever acts on: a level's grades are those of its own groups. */
function among(lever, others, levels) {
  if (lever.kind === "births" || others[0] !== "area") return null;
  const named = lever.where.group !== undefined;
  const there = (a, g) => named || !axes.nowhere[a][g];
  if (others.length === 1) return range(A).map((a) => there(a, 0));
  const every = lever.where.level === undefined;
  if (others[1] === "grade") {
    return range(A * G).map((at) => {
      const a = Math.floor(at / G), g = at % G, level = levelOf[a][g];
      return there(a, g) && (every || (level >= 0 && levels.has(level)));
    });
  }
  return range(A * L).map((at) => {
    const a = Math.floor(at / L), level = at % L, g = entry[level];
    return levelOf[a][g] === level && there(a, g);
  });
}

const formed = (old, form, value) => (form === "set" ? value : form === "add" ? old + value : old * value);

/** A change with its cells (area or region, grade or level) as positions of a year's part. */
function flat(change, kind) {
  const sizes = DIMS[kind].slice(1).map((axis) => ({ area: A, region: R, grade: G, level: L })[axis]);
  let cells = [0];
  change.chosen.slice(1).forEach((chosen, axis) => {
    cells = cells.flatMap((at) => chosen.map((one) => at * sizes[axis] + one));
  });
  return { ...change, cells: change.among ? cells.filter((at) => change.among[at]) : cells };
}

/** Let one change act on an array, in place. */
function act(values, { chosen: [years], cells, form, value }, inYear) {
  for (const year of years) {
    for (const cell of cells) values[year * inYear + cell] = formed(values[year * inYear + cell], form, value);
  }
}

/** Let all changes on a variable act on a copy; those of the page stay within the limits. */
function adjusted(kind, values, by, [, ...sizes]) {
  const out = Float64Array.from(values), inYear = sizes.reduce((a, b) => a * b, 1);
  for (const change of by[kind]) act(out, change, inYear);
  const limits = by.moved.has(kind) ? data.offered[kind].result : null;
  if (limits && kind !== "places" && kind !== "add_places") within(kind, values, out, limits);
  return out;
}

function within(kind, old, values, [low, high]) {
  for (let at = 0; at < values.length; at += 1) {
    const was = old[at], known = !Number.isNaN(was);
    const least = known ? Math.min(low, was) : low, most = known ? Math.max(high, was) : high;
    if (values[at] < least || values[at] > most) fail(`${kind} comes to ${values[at]}, beyond ${low} … ${high}`);
  }
}

/** The pipeline after the levers on it, in their order. */
function pipeline(levers) {
  let projects = stood.projects.map((one) => ({ ...one, closes: orNever(one.closes), starts: orNever(one.starts) }));
  const known = [...stood.codes]; // also of those that a lever has cancelled
  for (const lever of levers) {
    if (lever.kind === "add_project") {
      projects.push(newProject(lever, known));
      known.push(lever.row.project);
      continue;
    }
    const leaves = regionsOf(lever);
    const codes = new Set(named(lever, "project", known).map((at) => known[at]));
    const statuses = new Set(named(lever, "status", STATUSES).map((at) => STATUSES[at]));
    const chosen = (one) => codes.has(one.code) && statuses.has(one.status) && leaves.has(one.region);
    if (lever.kind === "cancel") { projects = projects.filter((one) => !chosen(one)); continue; }
    for (const one of projects.filter((p) => chosen(p) && p.status !== "open")) {
      const { form, value } = lever;
      if (lever.kind === "delay") one.opens = one.opens_listed + formed(one.opens - one.opens_listed, form, value);
      else one.completion = Math.min(Math.max(formed(one.completion, form, value), 0), 1);
    }
  }
  projects.sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
  const fill = stood.fill;
  return projects.filter((one) => stood.count.includes(one.status))
    .map((one) => (fill === "as_listed" ? one : { ...one, by_grade: fill === "by_grade" }));
}

/** A project of the page, from the keys of a row of the pipeline. */
function newProject({ row, number }, taken) {
  const at = `lever ${number}: add_project`;
  if (row === null || typeof row !== "object") fail(`${at} is no map`);
  const sizes = axes.levels.map((level) => `places_${level}`);
  const known = ["project", "region", "status", "opens", "closes", "title", "kind", "fill", ...sizes];
  for (const key of Object.keys(row)) if (!known.includes(key)) fail(`${at}: unknown key ${key}`);
  const region = axes.regions.indexOf(row.region);
  if (typeof row.project !== "string" || !row.project || region < 0) fail(`${at}: project, region`);
  if (taken.includes(row.project)) fail(`${at}: ${row.project} is there`);
  if (!STATUSES.includes(row.status) || !isYear(row.opens)) fail(`${at}: status, opens`);
  const places = sizes.map((key) => row[key] ?? 0);
  if (!places.every((n) => Number.isFinite(n) && n >= 0)) fail(`${at}: places`);
  const fills = row.fill === "by_grade" || row.fill === "immediate" ? row.fill : null;
  const isNew = [undefined, "", "new"].includes(row.kind);
  return { code: row.project, status: row.status, region, opens_listed: row.opens, opens: row.opens,
    closes: row.closes ?? Infinity, starts: Infinity, completion: data.model.completion[row.status] ?? 1,
    places, decant: sizes.map(() => 0), by_grade: fills ? fills === "by_grade" : isNew };
}

/** All levers by what they act on: the scenario's, then the page's. */
function layered(levers) {
  const first = 1 + Math.max(0, ...Object.values(before).flat().map((change) => change.lever));
  const found = levers.map((lever, at) => checked(lever, at + 1));
  const by = { moved: new Set(found.map((lever) => lever.kind)), births: [], entry: [], progression: [],
    onward_share: [], class_size: [], places: [], add_places: [], margin: [] };
  for (const kind of Object.keys(DIMS)) by[kind] = before[kind].map((change) => flat(change, kind));
  found.forEach((lever, at) => {
    if (DIMS[lever.kind]) by[lever.kind].push({ ...compiled(lever), lever: first + at });
  });
  by.projects = pipeline(found.filter((lever) => !DIMS[lever.kind]));
  return by;
}
