/* The demand side: cohorts, ratios and moves, rolled forward. */

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
    const sent = inYear(share, year), stays = staying(sent);
    const heads = stays.map((_, a) => pupils[a * G + grade]);
    for (let a = 0; a < A; a += 1) pupils[a * G + grade] = stays[a] * heads[a];
    for (const [from, to, part] of sent) pupils[to * G + grade] += part * heads[from];
  }
}

/** Shares of entrants who stay, (area); nobody where all go but the rounding of their shares. */
function staying(sent) {
  const stays = new Float64Array(A).fill(1);
  for (const [from, , part] of sent) stays[from] -= part;
  return stays.map((share) => (share < 1e-9 ? 0 : share));
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
