"use strict";
/* The model's own arithmetic: what a run with further levers gives. Only numbers; no words, no page.

   Arrays are flat, their axes (year, area or region, grade or level, draw), the first slowest; NaN is
   unknown. Names are those of capacity/model. A lever acts after those of the scenario. */
window.capacity = ((data) => {
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

  // ------------------------------------------------------------------ levers

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
    const acting = range(years.length).filter((at) => lever.acts(years[at])
      && !(time === "horizon" && others[0] === "area" && at === 0)); // the base year is known
    const along = {
      area: () => range(A).filter((a) => leaves.has(regionOf[a]) && groups.has(axes.areas[a][1])),
      region: () => range(R).filter((region) => leaves.has(region)),
      level: () => [...levels].sort((a, b) => a - b),
      grade: () => gradesOf(lever, levels, groups),
    };
    const cells = others.map((axis) => along[axis]());
    if (cells.some((chosen) => !chosen.length)) fail(`lever ${lever.number}: it chooses nothing`);
    return { lever: lever.number, form: lever.form, value: lever.value, chosen: [acting, ...cells],
      among: among(lever, others, levels) };
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

  /** Let one change act on an array, in place. */
  function act(values, change, sizes) {
    const { chosen: [first, ...others], among: kept, form, value } = change;
    const inner = sizes.slice(1).reduce((a, b) => a * b, 1);
    let cells = [0];
    others.forEach((chosen, axis) => {
      cells = cells.flatMap((at) => chosen.map((one) => at * sizes[axis + 1] + one));
    });
    if (kept) cells = cells.filter((at) => kept[at]);
    for (const year of first) {
      for (const cell of cells) {
        const at = year * inner + cell;
        values[at] = formed(values[at], form, value);
      }
    }
  }

  /** Let all changes on a variable act on a copy; those of the page stay within the limits. */
  function adjusted(kind, values, by, sizes) {
    const out = Float64Array.from(values);
    for (const change of by[kind]) act(out, change, sizes);
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
    for (const lever of levers) {
      if (lever.kind === "add_project") { projects.push(newProject(lever)); continue; }
      const leaves = regionsOf(lever);
      const codes = new Set(named(lever, "project", projects.map((one) => one.code)).map((at) => projects[at].code));
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
  function newProject({ row, number }) {
    const at = `lever ${number}: add_project`;
    if (row === null || typeof row !== "object") fail(`${at} is no map`);
    const sizes = axes.levels.map((level) => `places_${level}`);
    const known = ["project", "region", "status", "opens", "closes", "title", "kind", "fill", ...sizes];
    for (const key of Object.keys(row)) if (!known.includes(key)) fail(`${at}: unknown key ${key}`);
    const region = axes.regions.indexOf(row.region);
    if (typeof row.project !== "string" || !row.project || region < 0) fail(`${at}: project, region`);
    if (stood.projects.some((one) => one.code === row.project)) fail(`${at}: ${row.project} is there`);
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
    for (const kind of Object.keys(DIMS)) by[kind] = before[kind].map((change) => change);
    found.forEach((lever, at) => {
      if (DIMS[lever.kind]) by[lever.kind].push({ ...compiled(lever), lever: first + at });
    });
    by.projects = pipeline(found.filter((lever) => !DIMS[lever.kind]));
    return by;
  }

  // ------------------------------------------------------------------ demand

  /** Births of the cohort that enters in each year: Σ ω_c · B[t − c]. */
  function cohorts(births) {
    const out = new Float64Array(YEARS * A).fill(given.weights.length ? 0 : NaN);
    for (const [lag, weight] of given.weights) {
      for (let year = 0; year < YEARS; year += 1) {
        const from = year - lag, known = from >= 0 && from < YEARS;
        for (let a = 0; a < A; a += 1) out[year * A + a] += weight * (known ? births[from * A + a] : NaN);
      }
    }
    return out;
  }

  /** Births as first grades show them, in place: what an area gains passes on in part. */
  function passOn(born) {
    const { share, spread, counted } = given.passing;
    const part = range(A).filter((a) => counted[a] > 0);
    if (!part.length) return;
    for (let year = 0; year < H; year += 1) {
      let every = 0;
      for (const a of part) every += born[year * A + a] * counted[a];
      for (const a of part) {
        const at = year * A + a;
        born[at] = share * born[at] + (1 - share) * spread[a] * every;
      }
    }
  }

  function entering(births, by) {
    const counted = cohorts(births).slice(START * A), born = counted.slice();
    passOn(born);
    const byLever = adjusted("entry", new Float64Array(H * A).fill(NaN), { ...by, moved: new Set() }, [H, A]);
    for (let at = 0; at < H * A; at += 1) {
      if (fixed.statedEntry[at] || !Number.isNaN(byLever[at])) born[at] = counted[at];
    }
    for (let a = 0; a < A; a += 1) {
      let some = false;
      for (let year = 0; year < YEARS; year += 1) some ||= orZero(births[year * A + a]) !== 0;
      if (!some && fixed.base[a * G] > 0) for (let year = 0; year < H; year += 1) born[year * A + a] = NaN;
    }
    const children = fixed.children.subarray(START * A), known = new Float64Array(H * A);
    const byChildren = range(H * A).map((at) => !Number.isNaN(children[at]) && !Number.isNaN(fixed.perChild[at]));
    for (let at = 0; at < H * A; at += 1) {
      const perBirth = Number.isNaN(born[at]) && fixed.perBirth[at] !== 0 ? NaN : fixed.perBirth[at];
      known[at] = fixed.closed[at * G] ? NaN : byChildren[at] ? fixed.perChild[at] : perBirth;
    }
    const free = { ...by, moved: new Set() };
    const after = adjusted("entry", known, free, [H, A]);
    const kappa = adjusted("entry", known.map((ratio) => (Number.isNaN(ratio) ? 1 : ratio)), by, [H, A]);
    const cohort = new Float64Array(H * A), basis = new Array(H * A);
    for (let at = 0; at < H * A; at += 1) {
      const closed = fixed.closed[at * G] && Number.isNaN(after[at]);
      const held = !closed && (Number.isNaN(after[at]) || (!byChildren[at] && Number.isNaN(born[at])));
      cohort[at] = held ? fixed.entrants[at % A] : byChildren[at] ? children[at] : born[at];
      basis[at] = closed ? "closed" : held ? "held" : byChildren[at] ? "children" : "births";
      if (closed) { cohort[at] = orZero(cohort[at]); kappa[at] = 0; }
    }
    return { cohort, kappa, basis };
  }

  /** Cohorts of (year, area) by the year of the horizon in which they reach each grade. */
  function reaching(values) {
    const out = new Float64Array(H * A * G).fill(NaN);
    for (let year = 0; year < H; year += 1) {
      for (let g = 0; g < G; g += 1) {
        const from = year + START - (axes.grades[g] - axes.grades[0]);
        if (from < 0 || from >= YEARS) continue;
        for (let a = 0; a < A; a += 1) out[(year * A + a) * G + g] = values[from * A + a];
      }
    }
    return out;
  }

  function rising(births, by) {
    const size = H * A * G, ratio = fixed.progression.slice();
    const isLater = given.later_per_birth !== null || given.later_per_child !== null;
    const born = isLater && reaching(cohorts(births)), children = isLater && reaching(fixed.children);
    const kind = new Uint8Array(size); // 1: per birth, 2: per child
    for (let at = 0; isLater && at < size; at += 1) {
      const perChild = given.later_per_child ? fixed.laterPerChild[at] : NaN;
      const perBirth = given.later_per_birth ? fixed.laterPerBirth[at] : NaN;
      if (!Number.isNaN(perChild * children[at])) { kind[at] = 2; ratio[at] = perChild; }
      else if (!Number.isNaN(perBirth * born[at])) { kind[at] = 1; ratio[at] = perBirth; }
    }
    if (by.onward_share.length) {
      const onward = new Float64Array(H * A * L);
      for (let at = 0; at < onward.length; at += 1) onward[at] = Number.isNaN(fixed.onward[at % L]) ? 1 : fixed.onward[at % L];
      const unlimited = fixed.onward.some(Number.isNaN) ? { ...by, moved: new Set() } : by;
      const after = adjusted("onward_share", onward, unlimited, [H, A, L]);
      for (let level = 0; level < L; level += 1) {
        for (let at = 0; at < H * A; at += 1) {
          if (levelOf[at % A][entry[level]] !== level) continue;
          ratio[at * G + entry[level]] *= after[at * L + level] / onward[at * L + level];
        }
      }
    }
    for (let at = 0; at < size; at += 1) if (fixed.closed[at] && !kind[at]) ratio[at] = NaN;
    const found = adjusted("progression", ratio, by, [H, A, G]);
    const out = { carried: new Float64Array(size), byBirths: new Float64Array(size),
      byChildren: new Float64Array(size), held: new Uint8Array(size) };
    const unlinked = new Set(axes.unlinked);
    for (let at = 0; at < size; at += 1) {
      const closed = fixed.closed[at] && !kind[at];
      const held = (Number.isNaN(found[at]) || unlinked.has(at % G)) && !kind[at] && !closed;
      out.held[at] = held ? 1 : 0;
      out.carried[at] = held || kind[at] ? 0 : orZero(found[at]);
      if (kind[at] === 1) out.byBirths[at] = found[at] * orZero(born[at]);
      if (kind[at] === 2) out.byChildren[at] = found[at] * orZero(children[at]);
    }
    return out;
  }

  /** Pupils whom ratios carry up in one year, (area, grade): none into the first grade. */
  function progressed(pupils, ratios, year, step) {
    const out = new Float64Array(A * G), at = step * A * G;
    for (let cell = 0; cell < A * G; cell += 1) {
      out[cell] = cell % G ? pupils[cell - 1] * ratios[at + cell] : 0;
    }
    for (const { grade, into, share } of fixed.flows) {
      const arriving = new Float64Array(A);
      for (const [from, to, part] of inYear(share, year)) arriving[to] += part * pupils[from * G + grade - 1];
      for (const a of into) out[a * G + grade] = ratios[at + a * G + grade] * arriving[a];
    }
    return out;
  }

  function rezoned(pupils, year) {
    for (const { grade, share } of fixed.rezoned) {
      const sent = new Float64Array(A);
      for (const [from, to, part] of inYear(share, year)) {
        const heads = part * pupils[from * G + grade];
        sent[from] -= heads;
        sent[to] += heads;
      }
      for (let a = 0; a < A; a += 1) pupils[a * G + grade] += sent[a];
    }
  }

  /** Roll the base year forward: E[t+1, g+1] = ρ·E[t, g] + M, never below 0. */
  function rolled(base, entrants, ratios, moves) {
    const cells = A * G, pupils = new Float64Array(H * cells);
    pupils.set(base);
    for (let year = 1; year < H; year += 1) {
      const now = progressed(pupils.subarray((year - 1) * cells, year * cells), ratios, year - 1, year);
      for (let cell = 0; cell < cells; cell += 1) {
        const came = cell % G ? now[cell] : entrants[year * A + cell / G];
        now[cell] = Math.max(came + moves[year * cells + cell], 0);
      }
      rezoned(now, year - 1);
      pupils.set(now, year * cells);
    }
    return pupils;
  }

  function demandSide(by) {
    const births = adjusted("births", fixed.births, by, [YEARS, A]);
    const first = entering(births, by), above = rising(births, by), size = H * A * G;
    const entrants = first.kappa.map((ratio, at) => ratio * first.cohort[at]);
    const held = new Float64Array(size), moves = new Float64Array(size);
    for (let at = 0; at < size; at += 1) {
      held[at] = above.held[at] ? fixed.base[at % (A * G)] : 0;
      moves[at] = fixed.migration[at] + held[at] + above.byBirths[at] + above.byChildren[at] + fixed.smallArea[at];
    }
    let homes = null;
    if (fixed.homes) {
      const school = withSchool(first, above, rolled(fixed.base, entrants, above.carried, moves));
      homes = fixed.homes.map((pupils, at) => (school[at] ? pupils : 0));
      for (let at = 0; at < size; at += 1) moves[at] += homes[at];
      const rests = range(A).map((a) => (first.basis[Math.min(1, H - 1) * A + a] === "children" ? 1 : 0));
      if (H > 1 && rests.some((one, a) => one !== given.homes_by_children[a])) {
        fail("a lever changes on what the homes of a ratio rest: run it");
      }
    }
    const pupils = rolled(fixed.base, entrants, above.carried, moves);
    return { births, ...first, ...above, entrants, moves, heldPupils: held, homes, pupils };
  }

  /** Cells that have a school: somebody comes, and somebody is in any grade of their level. */
  function withSchool(first, above, pupils) {
    const cells = A * G, ones = new Float64Array(cells).fill(1), out = new Uint8Array(H * cells);
    for (let year = 0; year < H; year += 1) {
      const carried = progressed(ones, above.carried, Math.max(year - 1, 0), year);
      const some = range(A).map((a) => new Set(range(G)
        .filter((g) => pupils[year * cells + a * G + g] > 0).map((g) => levelOf[a][g])));
      for (let cell = 0; cell < cells; cell += 1) {
        const at = year * cells + cell, a = Math.floor(cell / G), g = cell % G;
        const come = g ? carried[cell] > 0 || above.held[at] || above.byBirths[at] + above.byChildren[at] > 0
          : first.kappa[year * A + a] > 0;
        out[at] = come && some[a].has(levelOf[a][g]) ? 1 : 0;
      }
    }
    return out;
  }

  // ------------------------------------------------------------------ supply

  const CELLS = H * R * L;
  const cell = (year, region, level) => (year * R + region) * L + level;
  const stock = { ...stood.stock, rows: stood.stock.region.length, closes: stood.stock.closes.map(orNever) };
  const shut = new Set(stood.shut.map(([year, row]) => year * stock.rows + row));

  /** Places of the rows in use, each at the class size in force; and their sums by cell. */
  function standing(rowSize) {
    const rows = new Float64Array(H * stock.rows);
    const cells = Float64Array.from(range(CELLS), (at) => (fixed.stated[at % (R * L)] ? 0 : NaN));
    for (let year = 0; year < H; year += 1) {
      for (let row = 0; row < stock.rows; row += 1) {
        const at = year * stock.rows + row;
        if (!(horizon[year] < stock.closes[row]) || shut.has(at)) continue;
        rows[at] = stock.places[row] * (rowSize[at] / stock.class_size[row]);
        cells[cell(year, stock.region[row], stock.level[row])] += rows[at];
      }
    }
    return { rows, cells };
  }

  /** Levers on class sizes and on places, in the order of the file. */
  function levered(by) {
    const sizes = [H, R, L];
    let classSize = Float64Array.from(range(CELLS), (at) => fixed.classSize[at % L]);
    const rowSize = Float64Array.from(range(H * stock.rows), (at) => stock.class_size[at % stock.rows]);
    let { rows, cells } = standing(rowSize);
    const altered = new Uint8Array(CELLS);
    const changes = ["class_size", "places"].flatMap((kind) => by[kind].map((change) => ({ kind, change })));
    changes.sort((a, b) => a.change.lever - b.change.lever);
    for (const { kind, change } of changes) {
      if (kind === "places") {
        act(cells, change, sizes);
        act(altered, { ...change, form: "set", value: 1 }, sizes);
        continue;
      }
      const size = classSize, [years, regions, levels] = change.chosen.map((one) => new Set(one));
      const prior = standing(rowSize).cells;
      classSize = classSize.slice();
      act(classSize, change, sizes);
      for (let at = 0; at < rowSize.length; at += 1) {
        const row = at % stock.rows;
        if (years.has(Math.floor(at / stock.rows)) && regions.has(stock.region[row]) && levels.has(stock.level[row])) {
          rowSize[at] = formed(rowSize[at], change.form, change.value);
        }
      }
      const now = standing(rowSize);
      rows = now.rows;
      cells = cells.map((places, at) => {
        if (!altered[at]) return now.cells[at];
        return places * (prior[at] > 0 ? now.cells[at] / prior[at] : classSize[at] / size[at]);
      });
    }
    if (by.moved.has("class_size")) {
      const base = Float64Array.from(range(CELLS), (at) => fixed.classSize[at % L]);
      within("class_size", base, classSize, data.offered.class_size.result);
    }
    return { classSize, rows, cells };
  }

  /** Shares of a project's places in a year: offered, in full, and taken away by its works. */
  function shares(one, opens, year, grades) {
    const stands = year < one.closes, since = year - opens + 1;
    const filling = one.by_grade ? Math.min(Math.max(since / grades, 0), 1) : since > 0 ? 1 : 0;
    return [stands ? filling : 0, stands && year >= opens ? 1 : 0, year >= one.starts && year < opens ? 1 : 0];
  }

  function supplySide(by) {
    const sizes = [H, R, L], { classSize, rows, cells } = levered(by);
    const altered = adjusted("add_places", new Float64Array(CELLS), by, sizes);
    for (const { years, cell: [region, level], places } of stood.closures) {
      for (const year of years) altered[cell(year, region, level)] -= places;
    }
    for (const { years, cell: [region, source], target, places } of stood.conversions) {
      for (const year of years) {
        const from = cell(year, region, source), to = cell(year, region, target);
        altered[from] -= places;
        altered[to] += places / classSize[from] * classSize[to];
      }
    }
    const margin = adjusted("margin", new Float64Array(CELLS).fill(stood.margin), by, sizes);
    const scale = classSize.map((size, at) => size / fixed.classSize[at % L]);
    const opening = new Float64Array(CELLS), opened = new Float64Array(CELLS);
    const byGrade = new Float64Array(CELLS * MOST);
    for (const one of by.projects) addProject(one, scale, opening, opened, byGrade);
    for (let at = 0; at < CELLS; at += 1) {
      const grades = span[at % L], even = cells[at] + altered[at];
      for (let g = 0; g < grades; g += 1) byGrade[at * MOST + g] += even / grades;
    }
    const usable = cells.map((places, at) => places + opening[at] + altered[at]);
    const listedAll = cells.map((places, at) => places + opened[at] + altered[at]);
    const least = Math.min(...usable, ...listedAll);
    if (least < -1e-9 && by.moved.size) fail("levers take more places away than there are");
    return { classSize, rows, stock: cells, altered, margin, scale, opening, opened, byGrade,
      usable, listed: listedAll, more: beyondEven(rows), projects: by.projects };
  }

  function addProject(one, scale, opening, opened, byGrade) {
    for (let year = 0; year < H; year += 1) {
      for (let level = 0; level < L; level += 1) {
        const places = one.places[level], decant = one.decant[level];
        if (!places && !decant) continue;
        const at = cell(year, one.region, level), grades = span[level];
        const [filling, full, taken] = shares(one, one.opens, horizon[year], grades);
        opening[at] += (filling * places - taken * decant) * scale[at];
        opened[at] += full * places * scale[at];
        for (let g = 0; g < grades; g += 1) {
          const reached = horizon[year] - one.opens >= g || !one.by_grade ? 1 : 0;
          byGrade[at * MOST + g] += (full * reached * places - taken * decant) * scale[at] / grades;
        }
      }
    }
  }

  /** Stated places of first grades beyond an even share of their rows. */
  function beyondEven(rows) {
    const more = new Float64Array(CELLS);
    for (let row = 0; row < stock.rows; row += 1) {
      if (stock.entry[row] === null) continue;
      const level = stock.level[row];
      for (let year = 0; year < H; year += 1) {
        const places = rows[year * stock.rows + row];
        const scale = stock.places[row] > 0 ? places / stock.places[row] : 1;
        more[cell(year, stock.region[row], level)] += stock.entry[row] * scale - places / span[level];
      }
    }
    return more;
  }

  // ------------------------------------------------------------------ balance

  const pooled = stood.pools.map((sets) => sets.length > 0);
  const lenders = range(stock.rows).filter((row) => stock.convertible[row].some(Boolean))
    .map((row) => ({ row, region: stock.region[row], level: stock.level[row], to: stock.convertible[row],
      highest: stock.convertible[row].lastIndexOf(1) }))
    .sort((a, b) => a.highest - b.highest || a.level - b.level || a.row - b.row);

  /** Clip a gap (region, level) of one year at 0; what a set lacks stands at its last region. */
  function clipped(gap) {
    const short = gap.map((places) => Math.max(places, 0));
    stood.pools.forEach((sets, level) => {
      for (const one of sets) {
        let total = 0;
        for (const region of one) { total += gap[region * L + level]; short[region * L + level] = 0; }
        short[one[one.length - 1] * L + level] = Math.max(total, 0);
      }
    });
    return short;
  }

  /** Cut what regions of sets lack, or have to spare, to what their sets do. */
  function shared(side, most) {
    stood.pools.forEach((sets, level) => {
      for (const one of sets) {
        let net = 0, total = 0;
        for (const region of one) { net += most[region * L + level]; total += side[region * L + level]; }
        const share = total > 0 ? Math.min(Math.max(net, 0) / total, 1) : 0;
        for (const region of one) side[region * L + level] *= share;
      }
    });
  }

  /** Let surplus rooms of one level serve a short level of the same region, in one year. */
  function convert(shortage, surplus, year, supply) {
    const left = lenders.map((one) => supply.rows[year * stock.rows + one.row]);
    for (let taker = 0; taker < L; taker += 1) {
      lenders.forEach(({ region, level, to }, lender) => {
        if (!to[taker] || level === taker) return;
        const size = (of) => supply.classSize[cell(year, region, of)];
        const give = region * L + level, take = region * L + taker;
        const offered = Math.min(surplus[give], left[lender]);
        const wanted = shortage[take] / size(taker) * size(level), sent = Math.min(offered, wanted);
        surplus[give] -= sent;
        left[lender] -= sent;
        shortage[take] = Math.max(shortage[take] - offered / size(level) * size(taker), 0);
      });
    }
  }

  /** Shortage of a level that no moves between neighbours mend: what its worst set lacks. */
  function residual(shortage, surplus, pairs) {
    const near = range(R).map(() => []);
    for (const [a, b] of pairs) { near[a].push(b); near[b].push(a); }
    const set = worstSet(shortage, surplus, near);
    let alone = 0;
    for (const region of set) alone += shortage[region];
    for (const region of new Set([...set].flatMap((one) => near[one]))) alone -= surplus[region];
    return Math.max(alone, 0);
  }

  /** The set S of regions that lacks most, Σ_S shortage − Σ surplus of S's neighbours: a minimum cut. */
  function worstSet(shortage, surplus, near) {
    const takers = range(R).filter((r) => shortage[r] > 0);
    if (!takers.some((r) => near[r].some((to) => surplus[to] > 0))) return takers;
    const SOURCE = 2 * R, SINK = 2 * R + 1, edges = [], out = range(2 * R + 2).map(() => []);
    const link = (from, to, room) => {
      out[from].push(edges.push({ to, room }) - 1);
      out[to].push(edges.push({ to: from, room: 0 }) - 1); // an edge and its way back are neighbours
    };
    for (const r of takers) {
      link(SOURCE, r, shortage[r]);
      for (const to of near[r]) if (surplus[to] > 0) link(r, R + to, Infinity);
    }
    range(R).forEach((r) => { if (surplus[r] > 0) link(R + r, SINK, surplus[r]); });
    for (;;) {
      const by = new Array(2 * R + 2).fill(-1), queue = [SOURCE];
      for (let at = 0; at < queue.length && by[SINK] < 0; at += 1) {
        for (const edge of out[queue[at]]) {
          const { to, room } = edges[edge];
          if (room > 0 && by[to] < 0 && to !== SOURCE) { by[to] = edge; queue.push(to); }
        }
      }
      if (by[SINK] < 0) return takers.filter((r) => by[r] >= 0);
      const path = [];
      for (let at = SINK; at !== SOURCE; at = edges[by[at] ^ 1].to) path.push(by[at]);
      const most = Math.min(...path.map((edge) => edges[edge].room));
      for (const edge of path) { edges[edge].room -= most; edges[edge ^ 1].room += most; }
    }
  }

  /** Sum cells (region, level) of one year to region rows. */
  const summed = (cells, row, level) => {
    let total = 0;
    for (const region of axes.members[row]) total += cells[region * L + level];
    return total;
  };

  const blank = (value) => (Number.isNaN(value) ? null : value);

  /** Rows of the results in one year, and those of first grades. */
  function balancedYear(year, demand, supply, rows, entries) {
    const at = year * R * L, part = (cells) => cells.subarray(at, at + R * L);
    const heads = new Float64Array(R * L), graded = new Float64Array(R * L * MOST), entrants = new Float64Array(R * L);
    for (let a = 0; a < A; a += 1) {
      for (let g = 0; g < G; g += 1) {
        const level = levelOf[a][g];
        if (level < 0) continue;
        const to = regionOf[a] * L + level, pupils = demand.pupils[(year * A + a) * G + g];
        heads[to] += pupils;
        graded[to * MOST + g - entry[level]] += pupils;
        if (g === entry[level]) entrants[to] += pupils;
      }
    }
    const usable = part(supply.usable), margin = part(supply.margin), listedAll = part(supply.listed);
    const gap = heads.map((pupils, c) => pupils - usable[c] * (1 - margin[c]));
    const known = gap.map(orZero), taking = known.map((n) => Math.max(n, 0)), giving = known.map((n) => Math.max(-n, 0));
    shared(taking, known);
    shared(giving, known.map((n) => -n));
    const shortage = taking.slice(), surplus = giving.slice();
    convert(shortage, surplus, year, supply);
    const still = clipped(known.map((n, c) => n - (taking[c] - shortage[c]) + (giving[c] - surplus[c])));
    const after = range(L).map((level) => {
      const own = range(R).map((region) => region * L + level);
      if (own.some((c) => Number.isNaN(gap[c]))) return NaN;
      if (pooled[level]) return own.reduce((total, c) => total + still[c], 0);
      return residual(own.map((c) => shortage[c]), own.map((c) => surplus[c]), stood.neighbours[level]);
    });
    const kept = shortage.map((n, c) => (Number.isNaN(gap[c]) ? NaN : n));
    const byGrade = new Float64Array(R * L), places = supply.byGrade.subarray(at * MOST, (at + R * L) * MOST);
    for (let g = 0; g < MOST; g += 1) {
      const short = clipped(margin.map((free, c) => graded[c * MOST + g] - places[c * MOST + g] * (1 - free)));
      for (let c = 0; c < R * L; c += 1) byGrade[c] += short[c];
    }
    const sides = { demand: heads, places: usable, places_listed: listedAll, gap: heads.map((n, c) => n - usable[c]),
      shortage: clipped(gap), surplus: clipped(gap.map((n) => -n)), shortage_after: kept, shortage_by_grade: byGrade };
    rowsOf(year, sides, after, rows);
    entryRows(year, entrants, supply, listedAll, margin, entries);
  }

  const OWN = ["shortage", "surplus", "shortage_after", "shortage_by_grade"];

  function rowsOf(year, sides, after, rows) {
    for (let row = 0; row < ROWS; row += 1) {
      const every = Object.fromEntries(Object.keys(sides).map((name) => [name, 0]));
      for (let level = 0; level <= L; level += 1) {
        const out = { year: horizon[year], region: axes.rows[row], level: axes.levels[level] ?? "all" };
        for (const [name, cells] of Object.entries(sides)) {
          const own = OWN.includes(name), holds = level === L || stood.holds[row][level];
          let value = level === L ? every[name] : own && !holds ? NaN : summed(cells, row, level);
          if (name === "shortage_after" && row === DISTRICT && level < L) value = after[level];
          if (level < L && (!own || holds)) every[name] += value;
          out[name] = blank(value);
        }
        out.utilisation = out.places > 0 ? out.demand / out.places : null;
        rows.push(out);
      }
    }
  }

  const BANDS = ["none", "yellow", "red"];

  function entryRows(year, entrants, supply, listedAll, margin, entries) {
    const at = year * R * L, [yellow, red] = stood.bands, some = supply.more.some(Boolean);
    const rooms = Float64Array.from(listedAll, (places, c) => (some
      ? Math.max(places / span[c % L] + supply.more[at + c], 0) : places / span[c % L]));
    const kept = rooms.map((places, c) => places * (1 - margin[c]));
    const needed = entrants.map((n, c) => Math.max(Math.ceil(n / supply.classSize[at + c] - 1e-9), 0));
    for (let row = 0; row < ROWS; row += 1) {
      for (let level = 0; level < L; level += 1) {
        const holds = stood.holds[row][level], heads = summed(entrants, row, level);
        const there = summed(rooms, row, level), free = summed(kept, row, level);
        const reached = (limit) => (heads > 0 && heads >= limit * free ? 1 : 0);
        entries.push({
          year: horizon[year], region: axes.rows[row], level: axes.levels[level], entrants: heads,
          entry_places: blank(there), entry_gap: holds ? blank(heads - there) : null,
          classes_needed: summed(needed, row, level),
          band: holds && !Number.isNaN(free) ? BANDS[reached(yellow) + reached(red)] : null,
        });
      }
    }
  }

  /** Run with further levers: rows as in results.csv and entry.csv, and with draws their bands. */
  function run(levers = [], { draws = false } = {}) {
    if (!Array.isArray(levers)) fail("levers are a list");
    const by = layered(levers), demand = demandSide(by), supply = supplySide(by);
    const rows = [], entries = [];
    for (let year = 0; year < H; year += 1) balancedYear(year, demand, supply, rows, entries);
    const drawn = draws && data.luck ? window.capacityDraws?.(demand, supply) : null;
    return { rows, entry: entries, bands: drawn?.bands ?? [], entry_bands: drawn?.entry_bands ?? [],
      draws: drawn?.draws ?? 0 };
  }

  return Object.freeze({ data, run });
})(JSON.parse(document.getElementById("capacity-data").textContent));
