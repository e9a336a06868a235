"""Small random districts with a past: births and entry weights or none, zeros, gaps, flags."""

from __future__ import annotations

import random
from pathlib import Path

from capacity.base.errors import Problems
from capacity.inputs.districts.district import District, load_district
from tests.reference import entry_weights
from tests.studies.plain_rivals import Past

ENTRIES = (
    {"age": 3, "cutoff": "12-31", "births_year_ends": "12-31"},
    {"age": 3, "cutoff": "08-31", "births_year_ends": "12-31"},
    {"age": 4, "cutoff": "08-31", "births_year_ends": "06-30"},
)
FIRST, LAST = 2010, 2019


def random_past(seed: int) -> tuple[Past, dict[str, range]]:
    """Give a past, and the grades of its levels."""
    pick = random.Random(seed)
    start, sizes = pick.choice([0, 1, 7]), [pick.randint(1, 3) for _ in range(pick.randint(1, 2))]
    levels, at = {}, start
    for number, size in enumerate(sizes):
        levels[f"level {number}"], at = range(at, at + size), at + size
    regions = [f"r{k}" for k in range(pick.randint(1, 4))]
    scale = {region: pick.choice([3, 40, 400, 6000]) for region in regions}
    first = pick.choice([FIRST, FIRST + 3])
    past = Past({})
    for region in regions:
        for grade in range(start, at):
            for year in range(first, LAST + 1):
                count = 0 if pick.random() < 0.04 else pick.randint(0, 2 * scale[region])
                if pick.random() > 0.03:  # else there is no such row
                    past.pupils[region, grade, year] = count
    if pick.random() < 0.6:
        entry = pick.choice(ENTRIES)
        past.weights = entry_weights(entry)
        until = LAST - pick.choice([0, 1, 3])
        with_births = [r for r in regions if pick.random() < 0.9]
        empty = pick.random() < 0.1
        for region in with_births:
            for year in range(pick.choice([FIRST - 6, FIRST]), until + 1):
                count = 0 if empty else pick.randint(0, 3 * scale[region])
                past.births[region, year] = count
        past.entry = entry if past.births else None
    if pick.random() < 0.4:
        past.flags = {(pick.choice(regions), pick.randint(first, LAST)) for _ in range(2)}
    return past, levels


def write(folder: Path, past: Past, levels: dict[str, range]) -> District:
    """Write a past as a district folder, and read it."""
    folder.mkdir(parents=True, exist_ok=True)
    regions = sorted({region for region, _, _ in past.pupils})
    lines = ["name: small", "regions:", *(f"  - {{code: {region}}}" for region in regions)]
    lines.append("levels:")
    for code, grades in levels.items():
        spanned = f"[{grades[0]}, {grades[-1]}]"
        lines.append(f"  - {{code: {code}, grades: {spanned}, class_size: 30}}")
    if past.entry:
        facts = ", ".join(
            f'{k}: "{v}"' if k != "age" else f"{k}: {v}" for k, v in past.entry.items()
        )
        lines.append(f"entry: {{{facts}}}")
    (folder / "district.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    pupils = [(y, r, g, n) for (r, g, y), n in past.pupils.items()]
    tables = {
        "enrolment": ("year,region,grade,pupils", pupils),
        "births": ("year,region,births", [(y, r, n) for (r, y), n in past.births.items()]),
        "flags": ("year,region,reason", [(y, r, "odd") for r, y in past.flags]),
    }  # fmt: skip
    for name, (head, rows) in tables.items():
        path = folder / f"{name}.csv"
        path.unlink(missing_ok=True)
        if rows:
            body = "\n".join(",".join(map(str, row)) for row in rows)
            path.write_text(f"{head}\n{body}\n", encoding="utf-8")
    problems = Problems()
    district = load_district(folder, problems)
    assert district is not None, [problem.text() for problem in problems]
    return district
