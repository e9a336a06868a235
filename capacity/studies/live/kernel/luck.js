/* The run's own luck, unpacked: factors of its first draws. */

const N = data.luck ? data.luck.draws : 0;

/** Bytes of base64 as whole numbers of a width. */
function wholes(text, Kind) {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  return new Kind(bytes.buffer);
}

/** Values (…, draw) of a packed part, each row in steps of its own. */
function unpacked(part, Kind, made) {
  if (!part) return null;
  const parts = wholes(part.bytes, Kind), out = new Float32Array(parts.length);
  for (let at = 0; at < out.length; at += 1) out[at] = made(part.steps[Math.floor(at / N)] * parts[at]);
  return out;
}

const luck = data.luck && {
  made: unpacked(data.luck.logs, Int8Array, Math.exp), // (year ahead, area, grade, draw)
  came: data.luck.came,
  births: data.luck.births.map((part) => unpacked(part, Int16Array, (n) => 1 + n)),
  known: data.luck.known,
  until: data.luck.until,
  split: unpacked(data.luck.split, Int16Array, (n) => 1 + n),
  stock: unpacked(data.luck.stock, Int16Array, (n) => 1 + n),
  codes: data.luck.projects?.codes ?? [],
  of: data.luck.projects?.of,
  ranks: data.luck.projects && wholes(data.luck.projects.bytes, Uint16Array),
};

/** What luck makes of an area's cohorts by their births, (year ahead, draw); null where nothing. */
function birthsFactor(a, demand) {
  const born = luck.births[a];
  if (!born) return null;
  const out = new Float32Array((H - 1) * N), back = data.model.births_back;
  for (let year = 0; year < H - 1; year += 1) {
    if (demand.basis[(year + 1) * A + a] !== "births") { out.fill(1, year * N, (year + 1) * N); continue; }
    const shares = [];
    let total = 0, counted = 0;
    for (const [lag, weight] of given.weights) {
      const at = START + year + 1 - lag;
      if (at < 0 || at >= YEARS || lag - year - 1 > back) continue;
      const heads = weight * orZero(demand.births[at * A + a]);
      shares.push([at - START + back, heads]);
      total += heads;
    }
    for (const one of shares) {
      one[1] = total > 0 ? one[1] / total : 0;
      if (one[0] <= luck.known[a]) counted += one[1];
    }
    out.fill(total > 0 ? counted : 1, year * N, (year + 1) * N);
    for (const [at, share] of shares) {
      if (at <= luck.known[a] || at >= luck.until[a]) continue;
      const from = (at - luck.known[a] - 1) * N;
      for (let d = 0; d < N; d += 1) out[year * N + d] += share * born[from + d];
    }
  }
  return out;
}

/** Factors on regions by what the district has in each part (part, region): its total stays. */
function splitFactors(heads, parts) {
  const out = new Float32Array(parts * R * N).fill(1);
  for (let part = 0; part < parts; part += 1) {
    let total = 0;
    for (let r = 0; r < R; r += 1) total += heads[part * R + r];
    if (!(total > 0)) continue;
    for (let d = 0; d < N; d += 1) {
      let mean = 0;
      for (let r = 0; r < R; r += 1) mean += heads[part * R + r] / total * luck.split[r * N + d];
      if (!(mean > 0)) continue;
      for (let r = 0; r < R; r += 1) out[(part * R + r) * N + d] = luck.split[r * N + d] / mean;
    }
  }
  return out;
}
