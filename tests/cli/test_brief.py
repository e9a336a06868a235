"""What ``capacity run`` prints by default: 25 lines of 100 columns, and every figure a file's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isnan, nan
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from capacity.base import width, word
from tests.cli.command import capacity
from tests.random_districts import random_case
from tests.seeds import seeds

LINES, WIDE = 25, 100
LANGUAGES = ("en", "zh")
DRAWS = 40
LONG = "学校 of a very long name indeed, which no column has room for, however wide"
COLUMNS = {"demand": "demand", "places": "places", "shortage": "shortage"}
ENDS = {"low": "shortage_p10", "high": "shortage_p90"}


class Said(NamedTuple):
    """What a run printed, line by line, and the folder that it wrote."""

    lines: list[str]
    folder: Path


def said(scenario: Path, folder: Path, lang: str, *more: object) -> Said:
    done = capacity(
        "run", scenario, "-o", folder, "--no-charts", "--draws", DRAWS, "--lang", lang, *more
    )
    assert done.returncode == 0, done.stderr
    return Said([*done.stdout.splitlines(), *done.stderr.splitlines()], folder)


def within(lines: list[str]) -> bool:
    return len(lines) <= LINES and max(map(width, lines)) <= WIDE


def table(lines: list[str], head: str) -> tuple[list[str], list[list[str]]]:
    """Give heads and rows of the table whose first head begins so; none where there is none."""
    first = next((at for at, line in enumerate(lines) if line.startswith(head)), None)
    if first is None:
        return [], []
    heads, *cells = [re.split(r" {2,}", line.strip()) for line in lines[first:]]
    end = next((at for at, row in enumerate(cells) if len(row) != len(heads)), len(cells))
    return heads, cells[:end]


def figures(said: Said, lang: str) -> Iterator[tuple[float, float]]:
    """Give each figure of the table of years beside what results.csv has."""
    frame = pd.read_csv(said.folder / "results.csv", encoding="utf-8-sig")
    whole = frame[(frame["region"] == "all") & (frame["level"] == "all")].set_index("year")
    heads = {word(f"nouns.{key}", lang): name for key, name in COLUMNS.items()}
    heads |= {word(f"brief.{key}", lang).strip(): name for key, name in ENDS.items()}
    heads[word("needs.short_by_grade", lang).strip()] = "shortage_by_grade"
    begins = [word(f"brief.{key}", lang, shown="*", total="*") for key in ("years", "years_of")]
    for line in said.lines:
        if any(re.match(re.escape(text).replace(r"\*", r"\d+"), line) for text in begins):
            years, rows = table(said.lines, line)
            for name, *cells in rows:
                for year, cell in zip(years[1:], cells, strict=True):
                    found = whole.loc[int(year), heads[re.split("[(（]", name)[0].strip()]]
                    yield nan if cell == "–" else float(cell.replace(",", "")), found


def answers(said: Said) -> Iterator[tuple[float, float]]:
    """Give the figures of the English answer beside what results.csv has, where all is known."""
    frame = pd.read_csv(said.folder / "results.csv", encoding="utf-8-sig")
    whole = frame[(frame["region"] == "all") & (frame["level"] == "all")].set_index("year")
    text = " ".join(said.lines[:3])
    if "as far as places are known" in text or "no places are known" in text:
        return
    short = re.search(r"(?:autumn|In) (\d{4}).*? (no|[\d,]+) places are short", text)
    assert short is not None, text
    yield number(short[2]), whole.loc[int(short[1]), "shortage"]
    if worst := re.search(r"the worst year is (\d{4}) with ([\d,]+)", text):
        yield number(worst[2]), whole.loc[int(worst[1]), "shortage"]
        yield number(worst[2]), whole["shortage"].max()


def number(text: str) -> float:
    return 0.0 if text == "no" else float(text.replace(",", ""))


def classes(said: Said, lang: str) -> Iterator[tuple[str, str]]:
    """Give each cell of the table of classes, but of cut names, beside what entry.csv has."""
    frame = pd.read_csv(said.folder / "entry.csv", encoding="utf-8-sig", dtype=str).fillna("")
    base = int(frame["year"].astype(int).min())
    found = frame[frame["year"] == str(base + 1)].set_index(["region", "level"])
    ranged = word("needs.classes_range", lang, year=base + 1)
    drawn = any(line.startswith(ranged) for line in said.lines)
    title = ranged if drawn else word("brief.classes", lang, year=base + 1)
    heads, rows = table(said.lines, title)
    bands = {"红": word("nouns.red", lang), "黄": word("nouns.yellow", lang)}
    levels = list(dict.fromkeys(frame["level"]))
    for name, *cells in rows:
        if name in set(frame["region"]):
            for level, cell in zip(levels, cells, strict=False):
                row = found.loc[(name, level)]
                count = f"{float(row.classes_needed):,.0f}" if row.classes_needed else "–"
                if drawn:
                    low, high = (float(row[f"classes_{end}"]) for end in ("p10", "p90"))
                    count += f" ({low:,.0f}–{high:,.0f})" if low != high else ""
                yield cell, f"{count} {bands.get(row.band, '')}".strip()
    assert len(heads) <= 1 + len(levels)


@pytest.mark.parametrize("seed", seeds(range(1), range(12)))
def test_of_random_districts_it_is_short_and_every_figure_stands_in_a_file(
    seed: int, tmp_path: Path
) -> None:
    scenario = random_case(seed).write(tmp_path)
    for lang in LANGUAGES:
        found = said(scenario, tmp_path / f"run-{lang}", lang)
        assert within(found.lines), "\n".join(found.lines)
        for shown, stored in figures(found, lang):
            assert (isnan(shown) and isnan(stored)) or shown == round(stored)
        for shown, stored in classes(found, lang):
            assert shown == stored
        for shown, stored in answers(found) if lang == "en" else ():
            assert shown == round(stored)


def whole_district(folder: Path, regions: int, levels: int, years: int, title: str) -> Path:
    """Write a district of so many regions and levels, all of them short, and its scenario."""
    home = folder / "d"
    home.mkdir(parents=True)
    names = [f"r{n}" for n in range(regions)]
    kinds = [f"k{n}" for n in range(levels)]
    grades = {kind: n + 1 for n, kind in enumerate(kinds)}
    parts = ["name: d", f"title: {{en: 'D {title}', zh: '区 {title}'}}", "regions:"]
    parts += [f"  - {{code: {name}, title: '{name} {title}'}}" for name in names]
    parts.append("levels:")
    parts += [
        f"  - {{code: {kind}, title: '{kind} {title}', grades: [{grade}, {grade}], class_size: 40}}"
        for kind, grade in grades.items()
    ]
    parts.append('entry: {age: 6, cutoff: "08-31"}')
    (home / "district.yaml").write_text("\n".join(parts) + "\n", encoding="utf-8")
    pupils = [f"2024,{n},{g},{900 + 7 * g}" for n in names for g in grades.values()]
    born = [f"{year},{n},900" for n in names for year in range(2008, 2025)]
    places = [f"{n},{kind},500" for n in names for kind in kinds]
    for name, head, rows in (
        ("enrolment", "year,region,grade,pupils", pupils),
        ("births", "year,region,births", born),
        ("places", "region,level,places", places),
    ):
        (home / f"{name}.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    scenario = folder / "s.yaml"
    scenario.write_text(
        f"name: s\ntitle: '{title}'\nquestion: '{title * 3}?'\ndistrict: d\n"
        f"horizon: {{base_year: 2024, last_year: {2024 + years}}}\n",
        encoding="utf-8",
    )
    return scenario


@pytest.mark.parametrize(
    ("regions", "levels", "years"),
    [
        *((1, 1, 0), (1, 3, 1), (5, 3, 30), (17, 4, 10), (150, 3, 5), (20, 12, 5)),
        pytest.param(150, 3, 30, marks=pytest.mark.slow),
        pytest.param(20, 12, 30, marks=pytest.mark.slow),
    ],
)
def test_it_is_short_however_large_the_district(
    regions: int, levels: int, years: int, tmp_path: Path
) -> None:
    """By plain names and by those that no column has room for; the largest in one language each."""
    ways = [(title, lang) for title in ("A", LONG) for lang in LANGUAGES]
    if regions >= 17:
        ways = {17: [ways[0], ways[3]], 20: [ways[2]], 150: [ways[3]]}[regions]
    elif regions == 1:
        ways = ways[1:3]
    for title, lang in ways:
        home = tmp_path / f"{title[:1]}-{lang}"
        scenario = whole_district(home, regions, levels, years, title)
        found = said(scenario, home / "run", lang)
        assert within(found.lines), "\n".join(found.lines)
        text = "\n".join(found.lines)
        if years and regions > 8:
            assert re.search({"en": r"and \d+ more regions", "zh": r"其余 \d+ 个区域"}[lang], text)
        assert "--full" in text


def test_several_scenarios_are_each_as_short_and_full_prints_every_table(tmp_path: Path) -> None:
    scenario = whole_district(tmp_path, 5, 3, 8, "A")
    other = tmp_path / "t.yaml"
    other.write_text("name: t\nextends: s.yaml\nlevers:\n  - {kind: births, times: 1.1}\n")
    done = capacity("run", scenario, other, "-o", tmp_path / "o", "--no-charts", "--draws", DRAWS)
    assert len(done.stdout.splitlines() + done.stderr.splitlines()) <= 2 * LINES + 1
    assert "Against " in done.stdout
    full = capacity(
        "run", other, "-o", tmp_path / "o" / "t", "--no-charts", "--draws", DRAWS, "--full"
    )
    for words in ("From short to idle", "listed places", "entry gap", "unchanged"):
        assert words in full.stdout and words not in done.stdout.replace("unchanged", "")


def test_red_regions_stand_first(tmp_path: Path) -> None:
    scenario = whole_district(tmp_path, 12, 1, 2, "A")
    places = tmp_path / "d" / "places.csv"
    rows = places.read_text().splitlines()
    roomy = [f"{row.rpartition(',')[0]},5000" if "r11" not in row else row for row in rows[1:]]
    places.write_text("\n".join([rows[0], *roomy]) + "\n")
    found = said(scenario, tmp_path / "run", "en")
    _, rows = table(found.lines, "Classes to open in 2025")
    assert rows[0][0] == "r11 A" and "red" in rows[0][1]


def test_without_a_target_the_next_autumn_and_the_worst_year_answer(tmp_path: Path) -> None:
    scenario = whole_district(tmp_path, 2, 2, 6, "A")
    lines = said(scenario, tmp_path / "en", "en").lines
    assert any(line.startswith("In autumn 2025 ") for line in lines)
    assert not any("2030" in line for line in lines[:2]) or "worst year" in " ".join(lines)
    zh = said(scenario, tmp_path / "zh", "zh").lines
    assert any(line.startswith("2025年秋季缺学位 ") for line in zh)


@pytest.mark.parametrize(("groups", "regions"), [(2, 6), (5, 17), (9, 150)])
def test_of_regions_within_regions_the_outer_ones_stand_for_many(
    groups: int, regions: int, tmp_path: Path
) -> None:
    scenario = whole_district(tmp_path, regions, 2, 5, "A")
    file = tmp_path / "d" / "district.yaml"
    text = file.read_text(encoding="utf-8")
    for k in range(regions):
        text = text.replace(f"code: r{k},", f"code: r{k}, within: g{k % groups},")
    outer = "".join(f"  - {{code: g{k}, title: Group {k}}}\n" for k in range(groups))
    file.write_text(text.replace("regions:\n", f"regions:\n{outer}"), encoding="utf-8")
    found = said(scenario, tmp_path / "run", "en")
    assert within(found.lines)
    _, rows = table(found.lines, "Classes to open in 2025")
    names = [row[0] for row in rows[:-1]]
    entry = pd.read_csv(found.folder / "entry.csv", encoding="utf-8-sig")
    of = entry[entry["year"] == 2025].set_index(["region", "level"])["classes_needed"]
    if regions <= 8:
        assert all(name.startswith("r") for name in names)
        return
    assert names and all(name.startswith("Group") for name in names)
    left = groups + regions - len(names)
    assert any(line.startswith(f"and {left} more regions") for line in found.lines)
    for name, *cells in rows[:-1]:
        code = f"g{name.split()[1]}"
        inside = [f"r{k}" for k in range(regions) if f"g{k % groups}" == code]
        for cell, level in zip(cells, ("k0", "k1"), strict=True):
            figure = float(cell.split()[0].replace(",", ""))
            assert figure == of[code, level] == sum(of[part, level] for part in inside)
