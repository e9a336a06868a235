"""Random districts and scenarios that keep every rule, small and full of special cases.

A `Case` holds the parsed content (for the reference, and for `tests.worlds`, which makes arrays
of it) and writes the same as files (for the package). Heads are whole numbers; ratios, shares
and lever values have full precision. One source of chance chooses the shape and the special
cases, another the numbers, so that hypothesis can draw the first and shrink it.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from capacity.base import Problems
from capacity.inputs.districts import District, load_district
from tests.reference import entry_weights, reference

Row = dict[str, Any]
REGIONS = ["north", "St. Mary's", "C+D", "east, upper", "海淀北部", "a b", "12", "中心区", "Zone.7"]
LEVELS = ["primary", "middle", "high school", "小学", "K+", "lower, K", "l'école"]
GROUPS = ["hukou", "other +", "其他", "o'ther, x"]
STATUSES = ["open", "building", "approved", "planned", "idea", "cancelled"]
KINDS = ["new", "extension", "rebuild", "bought", "vacated", "temporary"]
#: The school that stands for all that a table does not name one by one.
REST = "the rest"
BASE = 2024
VALUE_FORMS = ("set", "add", "times")


@dataclass(frozen=True)
class Shape:
    """How large a random district is, and what may occur in it.

    Attributes
    ----------
    regions, history, ahead : (least, most)
        Leaf regions, past years and years of the horizon.
    schools, projects, levers
        At most so many in a cell, in the pipeline and in the scenario.
    nested
        Regions may lie within regions, and stand in any order.
    given
        Every ratio is stated and births are known everywhere: no grade is held.
    trend
        Births may continue by the common trend (which ties regions together).
    mixing
        Flows and rezoning between regions may occur.
    missing
        A cell may have no places.
    lives
        Schools may open, close and be lacking.
    wild
        Areas may be tiny, pupils jump from year to year and be none. Levers may take the ratios
        of such places further than a run allows, so this is for what refuses nothing.
    streams
        A group may have a level of its own beside others.
    methods
        Of calibration.
    """

    regions: tuple[int, int] = (1, 5)
    history: tuple[int, int] = (1, 5)
    ahead: tuple[int, int] = (2, 8)
    schools: int = 3
    projects: int = 6
    levers: int = 12
    nested: bool = True
    given: bool = False
    trend: bool = True
    mixing: bool = True
    missing: bool = True
    lives: bool = True
    wild: bool = False
    streams: bool = True
    methods: tuple[str, ...] = ("mean", "pooled", "shrunk", "shrunk")


@dataclass(frozen=True)
class Case:
    """One random district with one random scenario."""

    seed: int
    district: Row
    tables: dict[str, list[Row]]
    scenario: Row
    split: int | None  # how many levers stand in a file that the scenario extends
    features: frozenset[str] = field(default_factory=frozenset)

    def write(self, folder: Path) -> Path:
        """Write district folder and scenario file(s); return the scenario's path."""
        write_district(folder / "district", self.district, self.tables)
        path = folder / "scenario.yaml"
        head: Row = {"name": "random", "title": words("random")}
        whole: Row = {"district": "district", "chance": {"draws": 0}} | self.scenario
        if self.split is None:
            write_yaml(path, head | whole)
            return path
        horizon, levers = whole["horizon"], whole["levers"]
        start = whole | {
            "horizon": horizon | {"last_year": horizon["last_year"] + 1},
            "levers": levers[: self.split],
        }
        write_yaml(folder / "start.yaml", head | {"name": "start"} | start)
        own = {"extends": "start.yaml", "horizon": {"last_year": horizon["last_year"]}}
        write_yaml(path, head | own | {"levers": levers[self.split :]})
        return path


def words(text: str) -> Row:
    return {"en": text, "zh": text}


def write_district(home: Path, district: Row, tables: Mapping[str, list[Row]]) -> None:
    """Write a district folder; a table without rows is no file."""
    home.mkdir(parents=True, exist_ok=True)
    write_yaml(home / "district.yaml", district)
    for name, rows in tables.items():
        (home / f"{name}.csv").unlink(missing_ok=True)
        if rows:
            write_csv(home / f"{name}.csv", rows)


def read_district(home: Path) -> District:
    """Read a sound district folder."""
    problems = Problems()
    district = load_district(home, problems)
    assert district is not None, [problem.text() for problem in problems.errors]
    return district


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Quotes what begins with a digit: 001902 is a code, and 08-31 a day."""


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style='"' if text[:1].isdigit() else None
    ),
)


def write_yaml(path: Path, content: Row) -> None:
    text = yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    path.write_text(text, encoding="utf-8")


def write_csv(path: Path, rows: list[Row]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def random_case(seed: int, shape: Shape | None = None) -> Case:
    """The case of a seed (and shape): always the same.

    What the model leaves open is kept out: no `set` of the entry ratio where entrants are held.
    """
    rng = random.Random(seed)
    made = RandomDistrict(rng, rng, shape)
    settings = random_settings(made)
    held = reference(made.district, made.tables, settings)["held"]
    levers = RandomLevers(made, {grade for _, _, grade in held}).draw()
    scenario = with_needs(made, settings | {"levers": levers})
    split = rng.randrange(len(levers) + 1) if rng.random() < 0.3 else None
    features = features_of(made.district, made.tables, scenario) | (
        {"extends"} if split is not None else set()
    )
    return Case(seed, made.district, made.tables, scenario, split, frozenset(features))


def drawn_case(rng: random.Random, numbers: random.Random, shape: Shape) -> Case:
    """A case whose shape and special cases one source of chance chooses, its numbers another."""
    made = RandomDistrict(rng, numbers, shape)
    scenario = random_settings(made) | {"levers": RandomLevers(made).draw()}
    scenario = with_needs(made, scenario)
    features = features_of(made.district, made.tables, scenario)
    return Case(0, made.district, made.tables, scenario, None, frozenset(features))


def random_settings(made: RandomDistrict) -> Row:
    """Horizon, methods and supply of a scenario."""
    rng, methods = made.rng, made.shape.methods

    def part() -> Row:
        return {"method": rng.choice(methods), "window": rng.randint(1, 4)}

    demand: Row = {"progression": part(), "entry": part()}
    if made.after_last is not None:
        demand["births"] = {"after_last": made.after_last}
    supply: Row = {}
    if made.often(0.4):
        supply["count"] = rng.sample(STATUSES[:5], rng.randint(1, 5))
    if made.often(0.5):
        supply["fill"] = rng.choice(["as_listed", "by_grade", "immediate"])
    if made.often(0.3):
        supply["completion"] = {"planned": 0.8, "building": 0.97}
    found: Row = {"horizon": {"base_year": BASE, "last_year": made.last}, "demand": demand}
    return found | ({"supply": supply} if supply else {})


def with_needs(made: RandomDistrict, scenario: Row) -> Row:
    """Margins, entry places, lines of warnings and sets of regions that share places.

    Drawn last: what else is drawn of a district stays.
    """
    numbers, supply = made.numbers, dict(scenario.get("supply", {}))
    if made.often(0.3):
        supply["margin"] = round(numbers.uniform(0.01, 0.2), 3)
    if made.often(0.3):
        form = numbers.choice(VALUE_FORMS)
        value = {"set": (0.0, 0.2), "add": (0.0, 0.1), "times": (0.5, 1.5)}[form]
        where = {"region": made.some(made.leaves), "level": made.some(made.level_codes)}
        years = {"from": numbers.randint(BASE, made.last)}
        lever = {"kind": "margin", "where": where, form: round(numbers.uniform(*value), 3)}
        scenario = scenario | {"levers": [*scenario["levers"], lever | years]}
    if made.often(0.3):
        for row in made.some(made.tables["places"]):
            row["entry_places"] = numbers.randint(0, round(row["places"]))
    if made.often(0.3):
        red = round(numbers.uniform(0.8, 1.2), 2)
        yellow = round(red * numbers.uniform(0.7, 1.0), 3)
        made.district["bands"] = {"yellow": yellow, "red": red, "idle": numbers.choice([0.6, 0.9])}
    if len(made.leaves) > 1 and made.often(0.4):
        row = numbers.choice(made.level_rows)
        if "pool" not in row:
            shared = made.some(made.leaves, 2)
            cut = numbers.choice([len(shared), 2, 3])
            sets = [part for part in (shared[:cut], shared[cut:]) if len(part) > 1]
            row["pool"] = sets
    return scenario | ({"supply": supply} if supply else {})


class RandomDistrict:
    """District map and tables; each method adds one part.

    ``rng`` chooses shape and special cases, ``numbers`` all else.
    """

    def __init__(
        self, rng: random.Random, numbers: random.Random, shape: Shape | None = None
    ) -> None:
        self.rng, self.numbers, self.shape = rng, numbers, shape or Shape()
        self.last = BASE + rng.randint(*self.shape.ahead)
        self.history = 0 if self.often(0.06) else rng.randint(*self.shape.history)
        self.tables: dict[str, list[Row]] = {}
        self.regions()
        self.levels()
        self.groups = rng.sample(GROUPS, 2) if self.often(0.3) else [""]
        self.neighbours()
        self.flows()
        self.enrolment()
        self.births()
        self.children()
        self.flags()
        self.ratios()
        self.housing()
        self.missing = self.places()
        self.pipeline()
        self.keep_full_base_year()
        grouped = self.groups != [""] and self.shape.streams and not self.shape.given
        self.stream = self.streams() if grouped else None

    def maybe(self, share: float) -> bool:
        """Whether a detail is so, as it is in a share of cases."""
        return self.numbers.random() < share

    def often(self, share: float) -> bool:
        """Whether a special case occurs, as it does in a share of districts; it shrinks to no.

        Hypothesis draws whole numbers evenly, but no floats.
        """
        return self.rng.randrange(100) >= 100 - 100 * share

    def some(self, items: Sequence[Any], at_least: int = 1) -> list[Any]:
        return self.numbers.sample(list(items), self.numbers.randint(at_least, len(items)))

    def regions(self) -> None:
        codes = self.numbers.sample(REGIONS, self.rng.randint(*self.shape.regions) + 1)
        parent, self.leaves = codes[0], codes[1:] if self.shape.nested else sorted(codes[1:])
        rows: list[Row] = [{"code": code, "title": words(code)} for code in self.leaves]
        self.parents: list[str] = []
        if self.shape.nested and self.often(0.3):
            self.parents = [parent]
            for row in self.numbers.sample(rows, self.numbers.randint(1, len(rows))):
                row["within"] = parent
            rows.insert(
                self.numbers.randint(0, len(rows)), {"code": parent, "title": words(parent)}
            )
        self.district: Row = {"name": "random", "title": words("random"), "regions": rows}

    def levels(self) -> None:
        first = self.numbers.choice([0, 1, 1])
        self.level_rows: list[Row] = []
        for code in self.numbers.sample(LEVELS, self.rng.choice([1, 2, 2, 3, 3, 3])):
            last = first + self.rng.randint(0, 3)
            row: Row = {"code": code, "title": words(code), "grades": [first, last]}
            row["class_size"] = self.numbers.randint(20, 50)
            if self.level_rows and self.often(0.4):
                row["onward"] = self.numbers.uniform(0.3, 0.6)
            self.level_rows.append(row)
            first = last + 1
        if self.often(0.35):
            self.numbers.choice(self.level_rows)["pool"] = "district"
        self.level_codes = [row["code"] for row in self.level_rows]
        self.grades = list(range(self.level_rows[0]["grades"][0], first))
        listed = self.numbers.sample(self.level_rows, len(self.level_rows))
        self.district["levels"] = listed if self.maybe(0.2) else self.level_rows
        self.district["entry"] = {
            "age": self.numbers.randint(2, 6),
            "cutoff": self.numbers.choice(["08-31", "08-31", "09-01", "12-31", "06-30"]),
            "births_year_ends": self.numbers.choice(["12-31", "12-31", "06-30"]),
        }

    def neighbours(self) -> None:
        found: dict[str, list[list[str]]] = {}
        pairs = [[a, b] for a in self.leaves for b in self.leaves if a < b]
        for row in self.level_rows:
            if pairs and "pool" not in row and self.often(0.6):
                found[row["code"]] = [self.some(pair, 2) for pair in self.some(pairs)]
        if found:
            self.district["neighbours"] = found

    def flows(self) -> None:
        if not self.shape.mixing or len(self.level_rows) < 2 or not self.often(0.45):
            return
        level, rows = self.numbers.choice(self.level_codes[1:]), []
        for leaf in self.leaves:
            to = self.some(self.leaves)
            parts = [self.numbers.uniform(0.1, 1) for _ in to]
            shares = [part / sum(parts) for part in parts[1:]]
            for code, share in zip(to, [1 - sum(shares), *shares], strict=True):
                rows.append({"level": level, "from": leaf, "to": code, "share": share})
        self.tables["flows"] = rows

    def enrolment(self) -> None:
        """Pupils of every cell, with a zero here and there."""
        rows, sought, numbers = [], self.often(0.3), self.numbers
        wild = self.shape.wild and self.often(0.4)
        for leaf in self.leaves:
            for group in self.groups:
                size = numbers.randint(*((3, 40) if wild and self.maybe(0.6) else (60, 400)))
                low, high = (0, 2) if wild and self.maybe(0.4) else (0.8, 1.25)
                is_open = self.life()
                for year in range(BASE - self.history, BASE + 2):
                    for grade in self.grades:
                        n = round(size * numbers.uniform(low, high)) * is_open(year, grade)
                        row = {"year": year, "region": leaf, "group": group, "grade": grade}
                        row["pupils"] = 0 if (wild or year < BASE) and self.maybe(0.01) else n
                        if grade == self.grades[0] and sought:
                            more = n + numbers.randint(0, 30)
                            row["sought"] = more if numbers.random() < 0.7 else None
                        rows.append(row)
        self.tables["enrolment"] = rows

    def life(self) -> Callable[[int, int], bool]:
        """Where and when an area has a school: always, or one that opened, closed or is lacking."""
        kind = self.rng.choice(["whole", "whole", "opened", "closed", "lacking", "upper"])
        kind = kind if self.shape.lives and self.often(0.4) else "whole"
        grade, since = self.numbers.choice(self.grades), BASE - self.numbers.randint(0, 4)
        return {
            "whole": lambda year, at: True,
            "opened": lambda year, at: since <= year and at <= grade + year - since,
            "closed": lambda year, at: at < grade or year < min(since, BASE - 1),
            "lacking": lambda year, at: at < grade,
            "upper": lambda year, at: at >= grade,
        }[kind]

    def streams(self) -> Row | None:
        """Give the second group a level of its own, beside the others of its grades.

        It may be in the other levels too. Where it begins later flows may lead into it.
        """
        if not self.often(0.5):
            return None
        numbers, group = self.numbers, self.groups[1]
        begin, end = sorted(numbers.choices(range(len(self.level_rows)), k=2))
        first, last = self.level_rows[begin]["grades"][0], self.level_rows[end]["grades"][1]
        code = next(code for code in LEVELS if code not in self.level_codes)
        row: Row = {"code": code, "title": words(code), "grades": [first, last]}
        row |= {"class_size": numbers.randint(6, 40), "groups": [group]}
        self.district["levels"].insert(numbers.randint(0, len(self.level_rows)), row)
        if self.district["levels"] is not self.level_rows:
            self.level_rows.append(row)
        self.level_codes.append(code)
        if self.maybe(0.7):  # in no other level
            self.tables["enrolment"] = [
                one
                for one in self.tables["enrolment"]
                if one["group"] != group or first <= one["grade"] <= last
            ]
        self.tables["places"] += [
            {"region": leaf, "level": code, "places": numbers.randint(200, 900)}
            for leaf in self.leaves
        ]
        for project in self.tables["pipeline"]:
            if self.maybe(0.3):
                project[f"places_{code}"] = numbers.randint(5, 60)
        if first > self.grades[0] and self.shape.mixing and self.maybe(0.7):
            self.tables.setdefault("flows", []).extend(self.flows_to(code, group))
        return row

    def flows_to(self, code: str, group: str) -> list[Row]:
        """Flows into the level of one group: from another group, or from all."""
        source = self.numbers.choice(["", self.groups[0]])
        rows = []
        for leaf in self.leaves:
            to = self.some(self.leaves)
            parts = [self.numbers.uniform(0.1, 1) for _ in to]
            shares = [part / sum(parts) for part in parts[1:]]
            for region, share in zip(to, [1 - sum(shares), *shares], strict=True):
                row: Row = {"level": code, "from": leaf, "to": region, "share": share}
                rows.append(row | {"from_group": source, "to_group": self.numbers.choice([group])})
        return rows

    def keep_full_base_year(self) -> None:
        """Take out some rows of earlier years, and later ones in most cases."""
        gaps, later = 0.08 if "flows" not in self.tables else 0, self.often(0.3)
        self.tables["enrolment"] = [
            row
            for row in self.tables["enrolment"]
            if row["year"] == BASE
            or (row["year"] < BASE and self.numbers.random() >= gaps)
            or (row["year"] > BASE and later)
        ]

    def births(self) -> None:
        ways = ["hold", self.numbers.uniform(-0.05, 0.02), *([None, "trend"] * self.shape.trend)]
        self.after_last = self.rng.choice(ways)
        lags = list(entry_weights(self.district["entry"]))
        start, end = BASE + 1 - max(lags) - self.numbers.randint(0, 5), BASE - min(lags)
        grouped = [(leaf, group) for leaf in self.leaves for group in self.groups]
        regional, whole = [(leaf, "") for leaf in self.leaves], [("all", "")]
        kinds = [[], grouped, regional, regional, regional, whole]
        kinds += [grouped[: len(self.groups)] + regional[1:], regional[1:] + whole]
        rows, uneven = [], self.often(0.4)
        for region, group in dict.fromkeys(self.rng.choice(kinds[self.shape.given :])):
            last = end + self.numbers.randint(0, 4) if uneven else end + 1
            size = self.numbers.randint(100, 600)
            for year in range(start, last + 1):
                births = round(size * self.numbers.uniform(0.85, 1.15))
                rows.append({"year": year, "region": region, "group": group, "births": births})
        self.births_whole = BASE + 1 - max(lags)
        gaps = not self.shape.given and len(rows) % 2 == 0
        self.tables["births"] = with_gaps(rows, self.births_whole) if gaps else rows

    def children(self) -> None:
        rows, age = [], self.district["entry"]["age"]
        self.tables["children"] = rows
        if not self.often(0.4):
            return
        regions = ["all", *self.leaves] if self.maybe(0.4) else self.leaves
        for leaf in regions[: self.numbers.randint(1, 5)]:
            for year in self.some(range(BASE - 3, BASE + 2), 2):
                for x in self.some(range(max(age - 3, 0), age + 1)):
                    n = self.numbers.randint(60, 500)
                    rows.append({"year": year, "region": leaf, "age": x, "children": n})

    def flags(self) -> None:
        if self.often(0.3):
            cells = {
                (self.numbers.randint(BASE - 3, BASE), self.numbers.choice([*self.leaves, "all"]))
                for _ in range(self.numbers.randint(1, 4))
            }
            self.tables["flags"] = [
                {"year": year, "region": region, "reason": "a reason, of sorts"}
                | {"grade": self.numbers.choice([None, None, *self.grades])}
                | {"kind": self.numbers.choice(["", "odd", "step"])}
                for year, region in sorted(cells)
            ]

    def ratios(self) -> None:
        rows: dict[tuple[Any, ...], Row] = {
            (grade, leaf, None, "", "births" if grade == self.grades[0] else ""): {
                "grade": grade, "region": leaf, "ratio": self.numbers.uniform(0.5, 1.5)
            }
            for leaf in (self.leaves if self.shape.given else ())
            for grade in self.grades
        }  # fmt: skip
        for _ in range(self.numbers.randint(1, 12) if self.often(0.5) else 0):
            grade = self.numbers.choice([*self.grades, self.grades[0]])
            row = {"grade": grade, "region": self.numbers.choice([*self.leaves, "all", "all"])}
            row["year"] = self.numbers.randint(BASE + 1, self.last) if self.maybe(0.5) else None
            row["group"] = self.numbers.choice([*self.groups, ""])
            row["ratio"] = self.numbers.uniform(0.85, 1.15)
            bases = ["births", "births"] + ["children"] * 2 * bool(self.tables["children"])
            later = self.maybe(0.3) and not self.shape.given
            basis = self.numbers.choice(bases) if grade == self.grades[0] or later else ""
            key = *(row[name] for name in ("grade", "region", "year", "group")), basis
            plain = basis == "births" and grade == self.grades[0] and self.maybe(0.5)
            row["basis"] = "" if plain else basis
            same = {(*key[:-1], other) for other in ("", "births")}  # one key to a reader
            if grade > self.grades[0] and same & {*rows}:
                continue
            rows[key] = row
        self.tables["ratios"] = list(rows.values())

    def housing(self) -> None:
        if not self.often(0.4):
            return
        self.tables["housing"] = [
            {"year": year, "region": leaf, "homes": self.numbers.randint(0, 500)}
            for leaf in self.some(self.leaves)
            for year in self.some(range(BASE - 4, self.last + 1), 3)
        ]
        self.tables["yields"] = [
            {"level": level, "years_since": k, "pupils_per_home": self.numbers.uniform(0.01, 0.3)}
            for level in self.some(self.level_codes)
            for k in self.some(range(5))
        ]

    def places(self) -> set[tuple[str, str]]:
        """Stock of every cell but perhaps one: plain rows, schools by year, rows that lend."""
        rows: list[Row] = []
        cells = [(leaf, row) for leaf in self.leaves for row in self.level_rows]
        lacking = self.shape.missing and len(cells) > 1 and self.often(0.2)
        missing = self.numbers.choice(cells) if lacking else None
        for leaf, level in cells:
            if missing and (leaf, level["code"]) == (missing[0], missing[1]["code"]):
                continue
            first, last = level["grades"]
            heads = sum(
                row["pupils"]
                for row in self.tables["enrolment"]
                if (row["year"], row["region"]) == (BASE, leaf) and first <= row["grade"] <= last
            )
            wanted = max(heads, 60) * self.numbers.uniform(0.6, 1.35)
            plain = {"region": leaf, "level": level["code"], "places": round(wanted * 0.6)}
            schools = ["A", "B+", "第三小学"][: self.rng.randint(0, self.shape.schools)]
            others = [
                row for name in schools for row in self.school(leaf, level, name, wanted * 0.2)
            ]
            if plain["places"] == sum(row["places"] for row in others):
                plain["places"] += 1  # else it would be taken for their total
            rows += [plain | {"school": REST} if schools else plain, *others]
        self.tables["places"] = rows
        return {(missing[0], missing[1]["code"])} if missing else set()

    def school(self, leaf: str, level: Row, name: str, wanted: float) -> list[Row]:
        row: Row = {"region": leaf, "level": level["code"], "school": name, "year": None}
        row["kind"] = self.numbers.choice(["", "", "temporary"])
        others = [code for code in self.level_codes if code != level["code"]]
        if others and self.maybe(0.5):
            row["convertible_to"] = self.numbers.choice([";", "; "]).join(self.some(others))
        if self.maybe(0.15):
            row["closes"] = self.numbers.randint(BASE - 1, self.last)
        if self.maybe(0.25):
            row["class_size"] = self.numbers.randint(20, 50)
        years = self.numbers.sample([BASE - 2, BASE - 1, BASE], 2) if self.maybe(0.2) else [None]
        if years[0] and self.maybe(0.3):
            years.append(BASE + 1)
        found = []
        for year in years:
            one = row | {"year": year, "places": round(wanted * self.numbers.uniform(0.5, 1.5))}
            if self.maybe(0.3):
                one["classes"] = self.numbers.randint(1, 8)
                size = one.get("class_size") or level["class_size"]
                one["places"] = one["classes"] * size + (7 if self.maybe(0.2) else 0)
            found.append(one)
        return found

    def project(self, name: str) -> Row:
        row: Row = {"project": name, "region": self.numbers.choice(self.leaves)}
        row["status"] = self.numbers.choice(STATUSES)
        early = BASE - 4 if row["status"] == "open" else BASE
        row["opens"] = self.numbers.randint(
            early, BASE if row["status"] == "open" else self.last + 2
        )
        row["kind"] = self.numbers.choice([*KINDS, "new", ""])
        row["fill"] = self.numbers.choice(["", "", "by_grade", "immediate"])
        for level in self.some(self.level_codes):
            row[f"places_{level}"] = self.numbers.randint(10, 300)
        return row | self.works(row)

    def works(self, row: Row) -> Row:
        """Years of a project's end and of its works, and a few places that these take away."""
        found: Row = {}
        if row["kind"] == "temporary" or self.maybe(0.1):
            found["closes"] = row["opens"] + self.numbers.randint(1, 4)
        if self.maybe(0.25):
            found["starts"] = row["opens"] - self.numbers.randint(1, 3)
            for level in self.some(self.level_codes):
                found[f"decant_{level}"] = self.numbers.randint(0, 3)
        return found

    def pipeline(self) -> None:
        names = ["P 1", "P,2", "三号工程", "P'4", "P+5", "P.6"]
        count = self.rng.randint(1, self.shape.projects) if self.often(0.8) else 0
        self.tables["pipeline"] = [self.project(name) for name in self.numbers.sample(names, count)]


def with_gaps(rows: list[Row], first: int) -> list[Row]:
    """Take years before ``first`` out of some series of births but one: all, or the last of them.

    Its chance is of its own: what else is drawn of a district stays.
    """
    chance = random.Random(len(rows))
    series = list(dict.fromkeys((row["region"], row["group"]) for row in rows))[1:]
    past = sorted({row["year"] for row in rows if row["year"] < first})
    if ("all", "") in series:  # of few years it could be taken for the sum of the others
        return rows
    gone = {
        (*one, year)
        for one in chance.sample(series, (len(series) + 1) // 2)
        for year in chance.choice([past, past[-1:]])
    }
    return [row for row in rows if (row["region"], row["group"], row["year"]) not in gone]


class RandomLevers:
    """Levers of every kind and form of value, valid together.

    The entry ratio is not set where the first grade is ``held``.
    """

    def __init__(self, made: RandomDistrict, held: Collection[int] = ()) -> None:
        self.numbers, self.maybe = made.numbers, made.maybe
        self.made, self.held, self.levers = made, held, list[Row]()
        self.live = [dict(row) for row in made.tables["pipeline"]]
        self.projects = list(self.live)  # the cancelled ones too
        self.already_set: set[tuple[Any, ...]] = set()
        self.added = 0
        self.cells = {
            (leaf, level) for leaf in made.leaves for level in made.level_codes
        } - made.missing

    def draw(self) -> list[Row]:
        rng = self.made.rng
        kinds = [
            *("births", "entry", "progression", "onward_share", *["migration", "housing"] * 2),
            *("class_size", "places", "completion", "delay", "add_places", "cancel"),
            *("add_project", *["close", "convert"] * 2, *["rezone"] * 2 * self.made.shape.mixing),
            *["flows"] * (2 if self.made.tables.get("flows") else 0),
        ]
        for kind in rng.choices(kinds, k=rng.randint(0, self.made.shape.levers)):
            lever = getattr(self, kind, self.plain)(kind)
            for one in lever if isinstance(lever, list) else [lever]:
                if one is not None:
                    self.levers.append({"kind": kind} | one)
        return self.levers

    # Parts of a lever ----------------------------------------------------------------------

    def item_or_list(self, items: Sequence[Any]) -> Any:
        chosen = self.numbers.sample(list(items), self.numbers.randint(1, min(2, len(items))))
        return chosen[0] if len(chosen) == 1 and self.maybe(0.7) else chosen

    def where(self, *keys: str, share: float = 0.5) -> Row:
        made = self.made
        options: dict[str, Sequence[Any]] = {
            "region": [*made.leaves, *made.parents],
            "group": [group for group in made.groups if group],
            "level": made.level_codes,
            "grade": made.grades[1:],
        }
        found = {
            key: self.item_or_list(options[key])
            for key in keys
            if options[key] and self.maybe(share)
        }
        if made.stream and {"group", "level"} <= set(found):
            del found["group"]  # which may be in none of these levels
        return {"where": found} if found else {}

    def years(self, first: int, last: int) -> Row:
        found = {}
        if self.maybe(0.5):
            found["from"] = self.numbers.randint(first, last)
        if self.maybe(0.3):
            found["until"] = self.numbers.randint(found.get("from", first), last)
        return found

    def value(self, form: str, set_to: tuple[float, float], add: tuple[float, float]) -> Row:
        low, high = {"set": set_to, "add": add, "times": (0.85, 1.15)}[form]
        if isinstance(low, int) and form != "times" and self.maybe(0.5):
            return {form: self.numbers.randint(int(low), int(high))}
        return {form: self.numbers.uniform(low, high)}

    def settle(self, kind: str, lever: Row) -> Row | None:
        """The lever, but no second `set` of a cell and year unless it says so."""
        if "set" not in lever:
            return lever
        where, made = lever.get("where", {}), self.made
        regions, grades = as_list(where.get("region", "all")), as_list(where.get("grade", "all"))
        if {"all", *made.parents} & set(regions):
            regions = made.leaves
        first, last = lever.get("from", BASE - 30), lever.get("until", made.last + 30)
        keyed = {  # of every group and level, to be on the safe side
            (kind, region, grade, year)
            for region in regions
            for grade in (made.grades if grades == ["all"] else grades)
            for year in range(first, last + 1)
        }
        if keyed & self.already_set:
            if self.maybe(0.25):
                return None
            lever["replaces"] = True
        self.already_set |= keyed
        return lever

    def of(self, kind: str, form: str, keys: str, years: Row, **ranges: Any) -> Row | None:
        lever = self.value(form, ranges["set_to"], ranges["add"])
        return self.settle(kind, self.where(*keys.split()) | years | lever)

    def form(self, forms: Sequence[str] = VALUE_FORMS) -> str:
        return self.numbers.choice(list(forms))

    # Demand ----------------------------------------------------------------------------------

    def plain(self, kind: str) -> Row | None:
        """Levers on pupils and homes with set, add or times."""
        made, form = self.made, self.form()
        ahead = self.years(BASE + 1, made.last)
        if kind == "migration":
            keys = self.numbers.choice(["region group grade", "region group level"])
            least = -150 if made.shape.wild else -30
            return self.of(kind, form, keys, ahead, set_to=(least, 40), add=(least, 60))
        if kind == "housing" and "housing" in made.tables:
            years = self.years(BASE - 3, made.last)
            return self.of(kind, form, "region", years, set_to=(0, 600), add=(0, 200))
        if kind == "births" and made.tables["births"]:
            lag = made.district["entry"]["age"]
            years = self.years(BASE - lag, made.last - min(lag - 1, 2))
            if form == "set":  # whether it makes births of a year that none are known of is open
                years["from"] = max(years.get("from", made.births_whole), made.births_whole)
                if "until" in years:
                    years["until"] = max(years["until"], years["from"])
            return self.of(kind, form, "region group", years, set_to=(100, 600), add=(5, 90))
        if kind == "entry":
            born = {row["region"] for name in ("births", "children") for row in made.tables[name]}
            free = "all" in born or born >= set(made.leaves)
            form = form if free and made.grades[0] not in self.held else "times"
            # of a group nobody may enter here: no ratio falls below none
            least = 0.0 if any(made.groups) else -0.05
            return self.of(kind, form, "region group", ahead, set_to=(0.3, 1.3), add=(least, 0.1))
        return None

    def progression(self, kind: str) -> Row | None:
        made = self.made
        later = [row["code"] for row in made.level_rows if row["grades"][1] > made.grades[0]]
        if len(made.grades) < 2:
            return None
        form, ahead = self.form(), self.years(BASE + 1, made.last)
        lever = self.of(
            kind, form, "region group grade", ahead, set_to=(0.85, 1.1), add=(-0.04, 0.04)
        )
        if lever and "set" not in lever and self.maybe(0.4):
            lever["where"] = lever.get("where", {}) | {"level": self.item_or_list(later)}
            lever["where"].pop("grade", None)
            if made.stream:
                lever["where"].pop("group", None)
        return lever

    def onward_share(self, kind: str) -> Row | None:
        made = self.made
        stated = [row["code"] for row in made.level_rows if "onward" in row]
        form = self.form() if stated else "times"
        later = [row["code"] for row in made.level_rows if row["grades"][0] > made.grades[0]]
        levels = stated if form != "times" else later
        if not levels:
            return None
        lever = self.where("region", "group") | self.years(BASE + 1, made.last)
        if form != "times" or self.maybe(0.6):
            lever["where"] = lever.get("where", {}) | {"level": self.item_or_list(levels)}
        return self.settle(kind, lever | self.value(form, (0.3, 0.6), (-0.05, 0.05)))

    def rezone(self, kind: str) -> Row | None:
        made = self.made
        if len(made.leaves) < 2 or sum(lever["kind"] == kind for lever in self.levers) > 2:
            return None
        a, b = self.numbers.sample(made.leaves, 2)
        own = {"from_region": a, "to_region": b, "level": self.numbers.choice(made.level_codes)}
        own["share"] = self.numbers.uniform(0.02, 0.33)
        return {"rezone": own} | self.years(BASE + 1, made.last)

    def flows(self, kind: str) -> list[Row] | None:
        """New shares for all rows of one source, which sum to 1 again."""
        one = self.numbers.choice(self.made.tables["flows"])
        names = ("level", "from", "from_group")
        source = tuple(one.get(name, "") for name in names)
        if any(lever["kind"] == kind for lever in self.levers):
            return None
        rows = [
            row
            for row in self.made.tables["flows"]
            if tuple(row.get(name, "") for name in names) == source
        ]
        parts = [self.numbers.uniform(0.1, 1) for _ in rows]
        shares, years = [part / sum(parts) for part in parts[1:]], self.years(BASE, self.made.last)
        where = {name: one[name] for name in names if one.get(name)}
        return [
            {"where": where | {"to": row["to"]}, "set": share} | years
            for row, share in zip(rows, [1 - sum(shares), *shares], strict=True)
        ]

    # Places ----------------------------------------------------------------------------------

    def class_size(self, kind: str) -> Row | None:
        years = self.years(BASE, self.made.last)
        return self.of(kind, self.form(), "region level", years, set_to=(25, 50), add=(-3, 6))

    def places(self, kind: str) -> Row | None:
        """Levers on the stock; a `set` may give places to a cell without any row."""
        form, years = self.form(), self.years(BASE, self.made.last)
        if form == "add":
            least = min(self.floor(*cell) for cell in self.cells) // 20
            return self.of(kind, form, "region level", years, set_to=(0, 0), add=(-least, 90))
        region, level = self.numbers.choice(
            sorted(self.cells | self.made.missing if form == "set" else self.cells)
        )
        floor = self.floor(region, level)
        lever = self.value(form, (floor, 2 * floor + 50), (0, 0)) | years
        return self.settle(kind, lever | {"where": {"region": region, "level": level}})

    def floor(self, region: str, level: str) -> int:
        """Places of the cell that nothing closes (its plain row)."""
        plain = (
            int(row["places"])
            for row in self.made.tables["places"]
            if (row["region"], row["level"]) == (region, level) and row.get("school", REST) == REST
        )
        return next(plain, 300)

    def add_places(self, kind: str) -> Row:
        lever = self.where("region", "level", share=1) | self.years(BASE, self.made.last)
        return lever | self.value("add", (0, 0), (5, 120))

    def close(self, kind: str) -> Row | None:
        region, level = self.numbers.choice(sorted(self.cells))
        own: Row = {"region": region, "level": level}
        schools = [
            row["school"]
            for row in self.made.tables["places"]
            if (row["region"], row["level"]) == (region, level)
            and row.get("school", REST) != REST
            and (row["year"] or BASE) <= BASE
        ]  # fmt: skip
        if schools and self.maybe(0.6):
            own["school"] = self.numbers.choice(schools)
        else:
            own["places"] = max(self.floor(region, level) // 20, 1)
        return {"close": own} | self.years(BASE, self.made.last)

    def convert(self, kind: str) -> Row | None:
        region = self.numbers.choice(self.made.leaves)
        levels = [level for leaf, level in sorted(self.cells) if leaf == region]
        if len(levels) < 2:
            return None
        source, target = self.numbers.sample(levels, 2)
        own = {"region": region, "from_level": source, "to_level": target}
        own["places"] = max(self.floor(region, source) // 20, 1)
        return {"convert": own} | self.years(BASE, self.made.last)

    # Projects ----------------------------------------------------------------------------------

    def choosing(self, row: Row) -> Row:
        """A `where` that chooses at least this project."""
        found: Row = {}
        for key in self.numbers.sample(["project", "region", "status"], self.numbers.randint(1, 2)):
            others = sorted({other[key] for other in self.live} - {row[key]})
            more = [self.numbers.choice(others)] if others and self.maybe(0.3) else []
            found[key] = [row[key], *more] if more else row[key]
        return {"where": found}

    def completion(self, kind: str) -> Row | None:
        if not self.live:
            return None
        lever = self.choosing(self.numbers.choice(self.live))
        lever |= self.value(self.form(["set", "add"]), (0.5, 1.0), (-0.05, -0.01))
        if self.maybe(0.3):
            lever = {"where": lever["where"], "times": self.numbers.uniform(0.8, 1)}
        return self.settle_projects(kind, lever)

    def delay(self, kind: str) -> Row | None:
        if not self.live:
            return None
        lever = self.choosing(self.numbers.choice(self.live)) if self.maybe(0.8) else {}
        lever |= {self.form(["set", "add"]): self.numbers.randint(0, 3)}
        return self.settle_projects(kind, lever)

    def chosen(self, lever: Row, among: list[Row]) -> list[str]:
        where = {key: as_list(value) for key, value in lever.get("where", {}).items()}
        return [
            row["project"]
            for row in among
            if all(row[key] in values for key, values in where.items())
        ]

    def settle_projects(self, kind: str, lever: Row) -> Row:
        names = self.chosen(lever, self.projects) if "set" in lever else []
        keyed = {(kind, name) for name in names}
        if keyed & self.already_set:
            lever["replaces"] = True
        self.already_set |= keyed
        return lever

    def cancel(self, kind: str) -> Row | None:
        if not self.live:
            return None
        lever = self.choosing(self.numbers.choice(self.live))
        gone = self.chosen(lever, self.live)
        self.live = [row for row in self.live if row["project"] not in gone]
        return lever

    def add_project(self, kind: str) -> Row:
        self.added += 1
        row = {k: v for k, v in self.made.project(f"New {self.added}").items() if v != ""}
        self.live.append(row)
        self.projects.append(row)
        return {"add_project": row}


def as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def features_of(district: Row, tables: dict[str, list[Row]], scenario: Row) -> set[str]:
    """What occurs in a case, for the test that everything does."""
    found = {f"table {name}" for name, rows in tables.items() if rows}
    for name, rows in tables.items():
        for row in rows:
            found |= {f"{name} {key}" for key, value in row.items() if value not in (None, "")}
            found |= {f"{name} all" for key in ("region",) if row.get(key) == "all"}
            found |= {
                f"{name} {key} {row[key]}" for key in ("basis", "kind", "status", "fill")
                if row.get(key)
            }  # fmt: skip
    for lever in scenario["levers"]:
        form = next((form for form in VALUE_FORMS if form in lever), "")
        found.add(f"lever {lever['kind']} {form}".strip())
        found |= {f"lever {key}" for key in ("from", "until", "replaces") if key in lever}
        found |= {f"close {key}" for key in lever.get("close", {})}
        for key, value in lever.get("where", {}).items():
            found |= {f"where {key}"} | ({"where list"} if isinstance(value, list) else set())
    kinds = [lever["kind"] for lever in scenario["levers"]]
    if "places" in kinds and "class_size" in kinds[kinds.index("places") :]:
        found.add("class size after places")
    found |= {f"region {key}" for row in district["regions"] for key in row}
    found |= {f"level {key}" for row in district["levels"] for key in row}
    found |= {"level pool sets" for row in district["levels"] if isinstance(row.get("pool"), list)}
    found |= {f"district {key}" for key in district}
    found |= {f"births year ends {district['entry']['births_year_ends']}"}
    found |= {f"{part} {scenario['demand'][part]['method']}" for part in ("progression", "entry")}
    after = scenario["demand"].get("births", {}).get("after_last", "default")
    found.add(f"after_last {after if isinstance(after, str) else 'change'}")
    supply = scenario.get("supply", {})
    return found | {f"supply {key}" for key in supply} | {f"fill {supply.get('fill')}"}
