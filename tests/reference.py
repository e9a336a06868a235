"""A second, plain statement of the model without chance, to check the package against.

It imports nothing of the package and works on the parsed content of a district folder: maps and
lists of rows, numbers already numbers, what is missing None or "". Each method says one thing of
the model in the order of the model: entrants, roll, places, balance, rows. An `area` is a pair
(region, group), group "" where the district has none. Sum rows with a missing part are None.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from itertools import combinations
from typing import Any

from tests.plain_ratios import Passing, Ratios, by_itself, faded, find_passing, mixed, usual

Row = dict[str, Any]
Area = tuple[str, str]
COUNTED = ["open", "building", "approved", "planned"]
EVER = math.inf


def reference(
    district: Row,
    tables: dict[str, list[Row]],
    scenario: Row,
    broken: Collection[Area] = (),
) -> dict[str, Any]:
    """Rows of the central run: `results`, `entry`, `pupils` by key, and what was `held`.

    ``broken``: areas that jumped by themselves in the last four years.
    """
    model = Model(district, tables, scenario, broken)
    model.roll()
    model.supply()
    return model.rows()


def total(parts: list[float | None]) -> float | None:
    return None if None in parts else sum(parts)  # type: ignore[arg-type]


def first_known(given: float | None, else_this: float | None) -> float | None:
    return else_this if given is None else given


def months(day: str) -> int:
    """The month whose end is nearest to `MM-DD` (0: the end of the December before)."""
    month, number = day.split("-")
    return int(month) if int(number) > 15 else int(month) - 1


def entry_weights(entry: Row) -> dict[int, float]:
    """Share of the cohort entering in t that was born in births year t - c, by c."""
    born_by = -entry["age"] * 12 + months(entry["cutoff"])  # months after the end of year t - 1
    weights: dict[int, float] = {}
    for month in range(born_by - 11, born_by + 1):
        lag = -math.ceil((month - months(entry["births_year_ends"])) / 12)
        weights[lag] = weights.get(lag, 0) + 1 / 12
    return weights


class Model:
    """One district under one scenario."""

    def __init__(
        self,
        district: Row,
        tables: dict[str, list[Row]],
        scenario: Row,
        broken: Collection[Area] = (),
    ) -> None:
        self.broken = set(broken)
        self.tables = {
            name: [{k: v for k, v in row.items() if v not in (None, "")} for row in rows]
            for name, rows in tables.items()
        }
        self.scenario, self.levers = scenario, scenario.get("levers", [])
        self.quiet, self.shut = False, {}
        self.sees, self.barren, self.with_cohorts = {}, {}, {}
        self.base, self.last = (scenario["horizon"][k] for k in ("base_year", "last_year"))
        self.counted = scenario.get("supply", {}).get("count", COUNTED)
        self.lines = {"yellow": 0.9, "red": 1} | district.get("bands", {})
        self.read_regions(district)
        self.read_levels(district)
        self.read_pupils()
        self.read_cohorts(district)
        self.read_supply()

    # What is there ------------------------------------------------------------------------

    def rows_of(self, table: str) -> list[Row]:
        return self.tables.get(table, [])

    def read_regions(self, district: Row) -> None:
        self.regions = [region["code"] for region in district["regions"]]
        within = {region["code"]: region.get("within") for region in district["regions"]}
        self.leaves = [code for code in self.regions if code not in within.values()]
        self.leaves_of: dict[str, list[str]] = {code: [] for code in self.regions}
        for leaf in self.leaves:
            above: str | None = leaf
            while above:
                self.leaves_of[above].append(leaf)
                above = within[above]
        self.leaves_of["all"] = self.leaves

    def read_levels(self, district: Row) -> None:
        self.level = {
            row["code"]: row for row in sorted(district["levels"], key=lambda row: row["grades"])
        }
        self.levels = list(self.level)
        self.grades_of = {
            code: list(range(row["grades"][0], row["grades"][1] + 1))
            for code, row in self.level.items()
        }
        self.grades = sorted({grade for grades in self.grades_of.values() for grade in grades})
        self.sets = {code: self.sets_of(self.level[code].get("pool")) for code in self.levels}
        self.neighbours: dict[str, set[Area]] = {}
        for code, pairs in (district.get("neighbours") or {}).items():
            self.neighbours[code] = {pair for a, b in pairs for pair in ((a, b), (b, a))}

    def level_of(self, grade: int, group: str) -> str | None:
        """The level that names the group, else the one that takes all others."""
        here = [code for code in self.levels if grade in self.grades_of[code]]
        named = [code for code in here if group in self.level[code].get("groups", [])]
        rest = [code for code in here if not self.level[code].get("groups")]
        return (named or rest or [None])[0]

    def cells_of(self, level: str) -> list[tuple[Area, int]]:
        """Areas and grades of a level."""
        grades = self.grades_of[level]
        return [(a, g) for a in self.areas for g in grades if self.level_of(g, a[1]) == level]

    def find_absent(self) -> None:
        """Cells of a group that is not there: not counted, or a stream's outside its levels.

        They have no pupils, no past and no ratio.
        """
        named = {group for row in self.level.values() for group in row.get("groups", [])}
        been = {(a[1], g) for (t, a, g), n in self.pupils.items() if n > 0 and t <= self.base}

        def is_there(area: Area, grade: int) -> bool:
            level = self.level_of(grade, area[1])
            if level is None or (self.base, area, grade) not in self.pupils:
                return False
            elsewhere = area[1] in named - set(self.level[level].get("groups", []))
            return not elsewhere or any((area[1], g) in been for g in self.grades_of[level])

        self.absent = {(a, g) for a in self.areas for g in self.grades if not is_there(a, g)}
        for t, area in {(t, a) for t, a, _ in self.pupils if t <= self.base}:
            for grade in self.grades:
                if (area, grade) in self.absent:
                    self.pupils[t, area, grade] = self.sought[t, area, grade] = 0

    def read_pupils(self) -> None:
        self.pupils: dict[tuple[int, Area, int], float] = {}
        self.sought: dict[tuple[int, Area, int], float] = {}
        for row in self.rows_of("enrolment"):
            key = row["year"], (row["region"], row.get("group", "")), row["grade"]
            self.pupils[key] = row["pupils"]
            self.sought[key] = row["sought"] if "sought" in row else row["pupils"]
        self.areas = sorted({area for year, area, _ in self.pupils if year == self.base})
        self.find_absent()
        self.rolled = {key: n for key, n in self.pupils.items() if key[0] == self.base}
        self.flagged, stepped = set(), set()
        for row in self.rows_of("flags"):
            leaves = self.leaves_of[row["region"]] if row["year"] <= self.base else []
            for leaf in leaves:
                for grade in [row["grade"]] if "grade" in row else self.grades:
                    if row.get("kind") != "step":
                        self.flagged.add((row["year"], leaf, grade))
                        continue
                    stepped.add((row["year"], leaf, grade))
                    self.flagged |= {(year, leaf, grade) for year in range(1900, row["year"])}
        for year, leaf, grade in stepped:  # a ratio into a step of both grades crosses it
            if (year, leaf, grade - 1) in stepped:
                self.flagged.add((year, leaf, grade))

    def read_cohorts(self, district: Row) -> None:
        self.weights = entry_weights(district["entry"])
        self.series: dict[Area, dict[int, float]] = {}
        for row in self.rows_of("births"):
            series = self.series.setdefault((row["region"], row.get("group", "")), {})
            series[row["year"]] = row["births"]
        self.trend = self.births_trend()
        counts: dict[tuple[str, int], tuple[int, float]] = {}
        for row in self.rows_of("children"):
            key = row["region"], row["year"] + district["entry"]["age"] - row["age"]
            if row["year"] <= self.base and row["year"] > counts.get(key, (-EVER,))[0]:
                counts[key] = row["year"], row["children"]
        self.children = {key: count for key, (_, count) in counts.items()}

    def read_supply(self) -> None:
        self.projects: list[Row] = [dict(row, delay=0) for row in self.rows_of("pipeline")]
        for lever in self.levers:
            if lever["kind"] == "add_project":
                self.projects.append(dict(lever["add_project"], delay=0))
            chosen = [row for row in self.projects if self.chooses(lever, self.base, row)]
            if lever["kind"] == "cancel":
                self.projects = [row for row in self.projects if row not in chosen]
            if lever["kind"] == "delay":
                for row in chosen:
                    if row["status"] != "open":
                        row["delay"] = lever.get("set", row["delay"] + lever.get("add", 0))

    # Levers -------------------------------------------------------------------------------

    def in_force(self, lever: Row, year: int) -> bool:
        return bool(lever.get("from", -EVER) <= year <= lever.get("until", EVER))

    def chooses(self, lever: Row, year: int, cell: Row) -> bool:
        area = cell.get("region", ""), cell.get("group", "")
        if (area, cell.get("grade")) in self.absent and "group" not in lever.get("where", {}):
            return False  # only who names a group acts on it where it is not
        for key, wanted in lever.get("where", {}).items():
            values = wanted if isinstance(wanted, list) else [wanted]
            if key in ("region", "from", "to"):
                values = [leaf for code in values for leaf in self.leaves_of[code]]
            if cell.get(key) not in values:
                return False
        return self.in_force(lever, year)

    def lever(self, kind: str, value: Any, year: int, upto: int | None = None, **cell: Any) -> Any:
        """`value` of one cell and year after every lever of that kind (of the first `upto`)."""
        for lever in [] if self.quiet else self.levers[:upto]:
            if lever["kind"] == kind and self.chooses(lever, year, cell):
                value = self.acted(lever, value)
        return value

    def acted(self, lever: Row, value: Any) -> Any:
        """`value` after one lever; what is not known (None) only a `set` can change."""
        if "set" in lever or value is None:
            return lever.get("set")
        return (value + lever.get("add", 0)) * lever.get("times", 1)

    def own_keys(self, kind: str, year: int) -> list[Row]:
        return [
            lever[kind]
            for lever in self.levers
            if lever["kind"] == kind and self.in_force(lever, year)
        ]

    # Births and ratios --------------------------------------------------------------------

    def source_of(self, area: Area) -> Area | None:
        """Whose births an area sees: its group's, else its region's, else the whole district's."""
        if area not in self.sees:
            keys = [area, (area[0], ""), ("all", "")]
            self.sees[area] = next((key for key in keys if key in self.series), None)
        return self.sees[area]

    def series_of(self, area: Area) -> dict[int, float] | None:
        key = self.source_of(area)
        return None if key is None else self.series[key]

    def births_trend(self) -> float:
        """Slope of the log of all areas' births over the last four years that every series has."""
        seen = [series for area in self.areas if (series := self.series_of(area))]
        years = sorted(set.intersection(*map(set, seen)))[-4:] if seen else []
        if len(years) < 2:
            return 0
        logs = [math.log(sum(series[year] for series in seen)) for year in years]
        year_mean, log_mean = sum(years) / len(years), sum(logs) / len(logs)
        rise = sum((y - year_mean) * (v - log_mean) for y, v in zip(years, logs, strict=True))
        return rise / sum((y - year_mean) ** 2 for y in years)

    def births(self, area: Area, year: int) -> float | None:
        """Births of one births year, after the last known year by the scenario's rule."""
        series = self.series_of(area)
        if series is None:
            return None
        last = max(series)
        if year <= last:
            return series.get(year)
        after = self.scenario["demand"].get("births", {}).get("after_last", "trend")
        ahead = year - last
        if after == "trend":
            damped = sum(0.8**q for q in range(1, ahead + 1))
            return series[last] * math.exp(self.trend * damped)
        return series[last] * (1 if after == "hold" else (1 + after) ** ahead)

    def born(self, area: Area, t: int) -> float | None:
        """Births of the cohort that enters in `t`, levers applied, known or continued."""
        parts: list[float | None] = []
        for lag, weight in self.weights.items():
            births = self.births(area, t - lag)
            if births is not None:
                births = self.lever("births", births, t - lag, region=area[0], group=area[1])
            parts.append(None if births is None else weight * births)
        return total(parts)

    def counted_births(self, area: Area, t: int) -> float | None:
        """Births of the cohort that enters in `t`, as known: what a ratio may rest on."""
        series = self.series_of(area) or {}
        weighed = self.weights.items()
        return total(
            [
                None if (births := series.get(t - lag)) is None else weight * births
                for lag, weight in weighed
            ]
        )

    def find_passing(self) -> Passing:
        """How a change of births shows in first grades, before levers."""
        self.seen_by: dict[Area, list[Area]] = {}
        for area in self.areas:
            if (key := self.source_of(area)) is not None:
                self.seen_by.setdefault(key, []).append(area)
        past = range(self.base - 7, self.base + 1)
        born: dict[Area, dict[int, float]] = {}
        came: dict[Area, dict[int, float]] = {}
        ahead = set()
        for key, areas in self.seen_by.items():
            by_year = {t: self.counted_births(areas[0], t) for t in past}
            born[key] = {t: births for t, births in by_year.items() if births is not None}
            entered = {t: total([self.came(area, t) for area in areas]) for t in past}
            came[key] = {t: n for t, n in entered.items() if n is not None}
            coming = range(self.base + 1, self.last + 1)
            if all(self.born(areas[0], t) is not None for t in coming):
                ahead.add(key)
        return find_passing(born, came, ahead, self.base)

    def came(self, area: Area, t: int) -> float | None:
        """Entrants of a year; none of a group that is not in the first grade."""
        first = self.grades[0]
        if (area, first) in self.absent:
            return self.pupils.get((t, area, first))
        return self.sought_by[area].get(t)

    def shown(self, area: Area, t: int, births: Any) -> float | None:
        """Births of a cohort as its first grade shows them; a series counts once.

        ``births(area, t)`` are those of an area.
        """
        own, key = births(area, t), self.source_of(area)
        if key not in self.passing.usual:
            return own
        every = []
        for source in self.passing.usual:
            areas = self.seen_by[source]
            each = [births(other, t) for other in areas]
            every += [None if n is None else n / len(areas) for n in each]
        return self.passing.shown(key, own, total(every))

    def unborn(self, area: Area) -> bool:
        """Whether pupils enter though births are none in every year."""
        if (area, self.quiet) not in self.barren:
            self.barren[area, self.quiet] = self.found_unborn(area)
        return self.barren[area, self.quiet]

    def found_unborn(self, area: Area) -> bool:
        years = range(self.base - 60, self.last + 1)
        levered = [
            self.lever("births", births, year, region=area[0], group=area[1])
            for year in years
            if (births := self.births(area, year)) is not None
        ]
        return not any(levered) and self.pupils[self.base, area, self.grades[0]] > 0

    def counted_children(self, area: Area, t: int) -> float | None:
        """Children of the cohort entering in t: the region's counts, else the district's."""
        own = any(region == area[0] for region, _ in self.children)
        return self.children.get((area[0] if own else "all", t))

    def given(self, grade: int, area: Area, year: int, basis: str = "") -> float | None:
        """The ratios row in force: named region beats all, named group none, dated undated."""
        basis = "births" if grade == self.grades[0] and not basis else basis
        best, found = (False, False, -EVER), None
        for row in self.rows_of("ratios"):
            own = row.get("basis") or ("births" if grade == self.grades[0] else "")
            fits = row["grade"] == grade and own == basis
            groups = [area[1]] if (area, grade) in self.absent else [area[1], ""]
            here = row["region"] in (area[0], "all") and row.get("group", "") in groups
            here = here and not ((area, grade) in self.absent and area[1] == "")
            rank = row["region"] == area[0], "group" in row, row.get("year", -EVER)
            if fits and here and rank[2] <= year and (found is None or rank > best):
                best, found = rank, row["ratio"]
        return found

    def window(self, part: str) -> range:
        return range(self.base - self.scenario["demand"][part]["window"] + 1, self.base + 1)

    def how(self, part: str) -> tuple[str, int]:
        return self.scenario["demand"][part]["method"], self.scenario["demand"][part]["window"]

    def unflagged(self, area: Area, grade: int, counts: dict[Any, float]) -> dict[int, float]:
        """Counts of a cell up to the base year, by year."""
        return {
            t: n
            for (t, a, g), n in counts.items()
            if (a, g) == (area, grade) and t <= self.base and (t, a[0], g) not in self.flagged
        }

    def calibrate(self) -> None:
        """Read the past: a ratio into every cell, and what its zeros say."""
        into = {(a, g): self.unflagged(a, g, self.pupils) for a in self.areas for g in self.grades}
        into |= {cell: {} for cell in self.absent}
        source = {
            (a, g): {
                t: n for t in into[a, g] if (n := self.pupils.get((t - 1, a, g - 1))) is not None
            }
            for a in self.areas
            for g in self.grades
        }
        together = {}
        for level in self.levels:
            if self.sends[level]:
                sides, grade = self.sums(level, into), self.grades_of[level][0]
                together |= {(area, grade): sides for area in self.joining(level)}
        today = {(a, g): self.pupils[self.base, a, g] for a in self.areas for g in self.grades}
        self.past = Ratios(self.base, self.areas, self.grades, into, source, together, today)
        first = self.grades[0]
        self.sought_by = {
            a: {} if (a, first) in self.absent else self.unflagged(a, first, self.sought)
            for a in self.areas
        }
        heads = {a: self.heads_by_year(a) for a in self.areas}
        self.empty = {
            a: {t for t, n in heads[a].items() if n == [0] * len(self.grades)} for a in heads
        }
        never = {a for a in self.areas if self.empty[a] and not any(map(any, heads[a].values()))}
        never |= {a for a in self.areas if (a, first) in self.absent}
        smoothed = self.how("entry")[0] == "shrunk"
        self.passing = self.find_passing() if smoothed else Passing()
        self.per_birth, self.born_past = self.entry_ratios("births", never)
        self.per_child, self.children_past = self.entry_ratios("children", never)
        self.held_entry = {
            a: self.past.held_entry(
                into[a, first] or {self.base: self.pupils[self.base, a, first]},
                self.empty[a],
                self.pupils[self.base, a, first],
                self.how("entry")[0],
            )
            for a in self.areas
        }
        self.rho = {
            (a, g): self.past.progression(a, g, *self.how("progression"))
            for a in self.areas
            for g in self.grades[1:]
        }
        self.rho |= {cell: 0.0 for cell in self.absent}
        self.hold_unfed()

    def joining(self, level: str) -> list[Area]:
        """Areas whose pupils enter a level by its first grade."""
        first = self.grades_of[level][0]
        return [a for a, g in self.cells_of(level) if g == first and (a, g) not in self.absent]

    def find_sends(self) -> None:
        """By level its flows: which area sends to which, and the row that says so."""
        self.sends: dict[str, list[tuple[Area, Area, Row]]] = {code: [] for code in self.levels}
        for row in self.rows_of("flows"):
            level, into = row["level"], self.joining(row["level"])
            groups = {group for _, group in into}
            for area in self.areas:
                own = area[0] == row["from"] and row.get("from_group", area[1]) == area[1]
                if not own or (area, self.grades_of[level][0] - 1) in self.absent:
                    continue
                only = next(iter(groups)) if len(groups) == 1 else area[1]
                to = (row["to"], row.get("to_group", only))
                if to in into:
                    self.sends[level].append((area, to, row))

    def sums(self, level: str, into: Any) -> tuple[dict[int, float], dict[int, float]]:
        """All entrants of a level with flows, and all leavers of where it sends from, by year."""
        top, bottom = {}, {}
        grade, to = self.grades_of[level][0], self.joining(level)
        sources = sorted({area for area, _, _ in self.sends[level]})
        for t in {t for area in to for t in into[area, grade]}:
            entrants = total([into[area, grade].get(t) for area in to])
            leavers = total([self.pupils.get((t - 1, area, grade - 1)) for area in sources])
            if entrants is not None:
                top[t] = entrants
                if leavers is not None:
                    bottom[t] = leavers
        return top, bottom

    def heads_by_year(self, area: Area) -> dict[int, list[float]]:
        years: dict[int, list[float]] = {}
        for (t, a, _), n in self.pupils.items():
            if a == area and t <= self.base:
                years.setdefault(t, []).append(n)
        return years

    def entry_ratios(self, basis: str, never: set[Area]) -> tuple[Any, Any]:
        cohort = {
            a: {t: n for t in self.sought_by[a] if (n := self.entering(a, t, basis)) is not None}
            for a in self.areas
        }
        found = self.past.entry(self.sought_by, cohort, self.empty, never, *self.how("entry"))
        return found, self.past.entries

    def entering(self, area: Area, t: int, basis: str) -> float | None:
        """What the entry ratio of a past year is per."""
        if basis == "births":
            return self.shown(area, t, self.counted_births)
        return self.counted_children(area, t)

    def cohort(self, area: Area, t: int, basis: str) -> float | None:
        if basis == "births":
            return self.born(area, t)
        return self.counted_children(area, t)

    def hold_unfed(self) -> None:
        """Pupils whom no grade below feeds, now or later, are held; find the cells that fill."""
        first, ahead = self.grades[0], [self.base + 1]  # later years must not tell earlier ones
        base = {a: {g: self.pupils[self.base, a, g] for g in self.grades} for a in self.areas}
        enters = {}
        for a in self.areas:
            each = [
                [
                    first_known(self.given(first, a, t, basis), found[a])
                    for basis, found in (("births", self.per_birth), ("children", self.per_child))
                ]
                for t in ahead
            ]
            unknown = [ratios == [None, None] for ratios in each]
            some = any(ratio for ratios in each for ratio in ratios)
            enters[a] = some or (any(unknown) and self.held_entry[a] > 0)

        def ratio(area: Area, grade: int) -> float:
            each = [first_known(self.given(grade, area, t), self.rho[area, grade]) for t in ahead]
            return max((one or 0.0 for one in each), default=0.0)

        def between(area: Area, grade: int) -> Any:
            sends = self.flows_into(area, grade)
            return [a for a, to, row in sends if to == area and row["share"] > 0] if sends else None

        reached = self.past.reached(base, ratio, enters, between)
        unfed = set()
        for a in self.areas:
            for g in self.grades[1:]:
                fed = self.pupils.get((self.base - 1, a, g - 1)) != 0 or reached[a, g]
                stated = any(self.given(g, a, t) is not None for t in ahead)
                fed |= self.flows_into(a, g) != [] or stated
                if base[a][g] > 0 and not fed:
                    unfed.add((a, g))
                    self.rho[a, g] = None

        def lately(area: Area, grade: int) -> bool:
            return any(self.pupils.get((self.base - k, area, grade), 0) > 0 for k in range(4))

        self.lately = lately
        self.changing = self.past.changing(base, lately, reached, unfed, self.absent)

    # Roll ---------------------------------------------------------------------------------

    def roll(self) -> None:
        """Pupils of every area and grade, year after year; `held`: where no ratio is known."""
        self.find_sends()
        self.calibrate()
        self.mixed: dict[tuple[int, Area, int], float] = {}
        if self.how("progression")[0] == "shrunk":
            self.quiet = True
            self.mix()
            self.quiet = False
        self.held: set[tuple[int, Area, int]] = set()
        self.without_homes = dict(self.rolled)
        self.carry(self.without_homes, self.other_moves)
        self.carry(self.rolled, self.moves)

    def carry(self, rolled: dict[tuple[int, Area, int], float], moves: Any) -> None:
        """Roll the base year on, with these moves."""
        for t in range(self.base + 1, self.last + 1):
            rolled.update(self.year_ahead(t, rolled, moves))
            self.rezone(t, rolled)

    def year_ahead(self, t: int, before: Any, moves: Any) -> dict[tuple[int, Area, int], float]:
        """Pupils of every cell a year after those of `before`."""
        now = {}
        for area in self.areas:
            for grade in self.grades:
                first = grade == self.grades[0]
                come = self.entrants(area, t) if first else self.moved_up(area, grade, t, before)
                now[t, area, grade] = max(come + moves(area, grade, t), 0)
        return now

    def mix(self) -> None:
        """Moves that take the cohorts of small areas towards what they have, before levers."""
        base = {
            (self.base, a, g): self.pupils[self.base, a, g] for a in self.areas for g in self.grades
        }
        cohorts, path, none, emptied = dict(base), dict(base), lambda *_: 0.0, set()
        for t in range(self.base + 1, self.last + 1):
            cohorts |= self.year_ahead(t, cohorts, none)
            path |= self.year_ahead(t, path, none)
            for a in self.areas:
                heads, mine = self.usual_pupils(a)
                first = self.grades[0]
                if cohorts[t, a, first] == 0 and base[self.base, a, first] >= 10:
                    emptied.add(a)
                opens = [
                    g
                    for g in self.grades[1:]
                    if not self.lately(a, g)
                    and (self.flows_into(a, g) or self.given(g, a, t) is not None)
                ]
                if opens:
                    emptied.add(a)
                come = {}
                for g in [g for g in self.grades[1:] if (a, g) not in self.absent]:
                    stated = [self.given(g, a, t, basis) for basis in ("", "births", "children")]
                    if stated == [None] * 3 and self.rho[a, g] is not None:
                        come[g] = cohorts[t, a, g]
                holds = a not in emptied | self.changing | self.broken
                for g, aim in mixed(come, mine, heads if holds else 0).items():
                    self.mixed[t, a, g] = aim - path[t, a, g]
                    path[t, a, g] = aim

    def usual_pupils(self, area: Area) -> tuple[float, dict[int, float]]:
        """Pupils of an area, and how they usually stand by grade."""
        heads = sum(self.pupils[self.base, area, g] for g in self.grades)
        weights = {}
        for g in self.grades:
            counts = {t: n for (t, a, grade), n in self.pupils.items() if (a, grade) == (area, g)}
            weights[g] = usual(counts, self.base, self.closed_last(area, g))
        every = sum(weights.values())
        return heads, {g: heads * w / every if every else 0.0 for g, w in weights.items()}

    def closed_last(self, area: Area, grade: int) -> float:
        """The last year in which a cell was closed."""
        if grade > self.grades[0]:
            return self.past.cells[area, grade].since
        if self.has_cohorts(area):
            return max(self.born_past[area].since, self.children_past[area].since)
        return self.by_itself(area).since

    def closed(self, area: Area, grade: int) -> bool:
        """Whether a cell was found closed."""
        if (area, grade) not in self.shut:
            self.shut[area, grade] = self.found_closed(area, grade)
        return self.shut[area, grade]

    def found_closed(self, area: Area, grade: int) -> bool:
        if (area, grade) in self.absent:
            return True
        if grade > self.grades[0]:
            return self.past.cells[area, grade].closed and not self.past.today[area, grade] > 0
        if self.has_cohorts(area):
            return self.born_past[area].closed or self.children_past[area].closed
        return self.by_itself(area).closed and not self.past.today[area, grade] > 0

    def by_itself(self, area: Area) -> Any:
        """The reading of a first grade whose cohorts are not known."""
        first = self.grades[0]
        into = self.past.into[area, first] or {self.base: self.pupils[self.base, area, first]}
        return by_itself(into)

    def has_cohorts(self, area: Area) -> bool:
        if area not in self.with_cohorts:
            self.with_cohorts[area] = any(
                self.entering(area, t, basis) is not None
                for basis in ("births", "children")
                for t in range(self.base - 40, self.base + 1)
            )
        return self.with_cohorts[area]

    def basis(self, area: Area, t: int) -> str:
        """What the lowest grade's ratio is of: children where they and a ratio per child are."""
        given = self.given(self.grades[0], area, t, "children")
        known = first_known(given, self.per_child[area]) is not None
        return "children" if known and self.counted_children(area, t) is not None else "births"

    def entrants(self, area: Area, t: int) -> float:
        """Entrants of the lowest grade before moves: a ratio times a cohort."""
        ratio, cohort = self.entry_of(area, t)
        return ratio * cohort

    def entry_of(self, area: Area, t: int) -> tuple[float, float]:
        """The ratio into the lowest grade, levers applied, and the cohort that it is of."""
        first, basis = self.grades[0], self.basis(area, t)
        cell = {"region": area[0], "group": area[1], "grade": first}
        calibrated = self.per_birth[area]
        stated = self.given(first, area, t), self.lever("entry", None, t, **cell)
        as_counted = stated != (None, None)
        cohort = self.born(area, t) if as_counted else self.shown(area, t, self.born)
        cohort = None if self.unborn(area) else cohort
        if basis == "children":
            cohort, calibrated = self.counted_children(area, t), self.per_child[area]
        ratio = first_known(self.given(first, area, t, basis), calibrated)
        if self.closed(area, first) and self.given(first, area, t) is None:
            ratio = None
            if self.lever("entry", ratio, t, **cell) is None:
                return 0.0, 0.0
        if cohort is None or self.lever("entry", ratio, t, **cell) is None:
            if not self.quiet:
                self.held.add((t, area, first))
            cohort, ratio = self.held_entry[area], 0 if cohort is None and ratio == 0 else 1
        return float(self.lever("entry", ratio, t, **cell)), cohort

    def flows_into(self, area: Area, grade: int) -> list[tuple[Area, Area, Row]]:
        """The flows into the level of a cell, where it is its first grade."""
        level = self.level_of(grade, area[1])
        if level is None or (area, grade) in self.absent or grade != self.grades_of[level][0]:
            return []
        return self.sends[level]

    def share(self, row: Row, t: int) -> float:
        """Share of a row of the flows in a year, levers applied."""
        keys = ("level", "from", "from_group", "to", "to_group")
        return float(self.lever("flows", row["share"], t, **{k: row.get(k, "") for k in keys}))

    def moved_up(self, area: Area, grade: int, t: int, rolled: Any) -> float:
        """Pupils of a later grade before moves: a ratio times those one grade below a year ago.

        Or, where one is stated, a ratio per child or per birth of the cohort.
        """
        level, later = self.level_of(grade, area[1]), grade - self.grades[0]
        cell = {"region": area[0], "group": area[1], "grade": grade, "level": level}
        ratio = first_known(self.given(grade, area, t), self.rho[area, grade])
        before = rolled[t - 1, area, grade - 1]
        if sends := self.flows_into(area, grade):
            before = sum(
                self.share(row, t) * rolled[t - 1, source, grade - 1]
                for source, to, row in sends
                if to == area
            )
        shut = self.closed(area, grade) and self.given(grade, area, t) is None
        for basis in ("births", "children"):
            stated = self.given(grade, area, t, basis)
            cohort = self.cohort(area, t - later, basis)
            if stated is not None and cohort is not None:
                ratio, before, shut = stated, cohort, False
        if ratio is not None and level and grade == self.grades_of[level][0]:
            stated = self.level[level].get("onward") or 1
            ratio *= self.lever("onward_share", stated, t, **cell) / stated
        # what is closed only a lever that sets the ratio opens
        ratio = self.lever("progression", None if shut else ratio, t, **cell)
        if ratio is None and shut:
            return 0.0
        if ratio is None:
            if not self.quiet:
                self.held.add((t, area, grade))
            return self.pupils[self.base, area, grade]
        return float(ratio * before)

    def other_moves(self, area: Area, grade: int, t: int) -> float:
        """Pupils added or taken by migration and mixing."""
        level = self.level_of(grade, area[1])
        cell = {"region": area[0], "group": area[1], "grade": grade, "level": level}
        migration = self.lever("migration", 0, t, **cell)
        return float(migration + self.mixed.get((t, area, grade), 0.0))

    def has_school(self, area: Area, grade: int, t: int) -> bool:
        """Whether anybody would be carried into a grade, and is in its level without homes."""
        if grade == self.grades[0]:
            carried = self.entry_of(area, t)[0] > 0
        else:
            each = dict.fromkeys(self.without_homes, 1.0)
            carried = self.moved_up(area, grade, t, each) > 0 or (t, area, grade) in self.held
        level = self.level_of(grade, area[1])
        own = [g for a, g in self.cells_of(level) if a == area] if level else []
        return carried and any(self.without_homes[t, area, g] > 0 for g in own)

    def moves(self, area: Area, grade: int, t: int) -> float:
        """Pupils added or taken: beside those, homes above or below their usual number."""
        level, moves = self.level_of(grade, area[1]), self.other_moves(area, grade, t)
        if not self.has_school(area, grade, t):
            return moves
        homes = {
            row["year"]: row["homes"] for row in self.rows_of("housing") if row["region"] == area[0]
        }
        usual = self.usual_homes(area, grade, homes)
        for row in self.rows_of("yields"):
            if row["level"] == level:
                year = t - row["years_since"]
                built = self.lever("housing", homes.get(year, usual), year, region=area[0])
                arrivals = row["pupils_per_home"] / len(self.grades_of[level])
                moves += (built - usual) * arrivals * self.part_of_region(area, grade)
        return moves

    def usual_homes(self, area: Area, grade: int, homes: dict[int, float]) -> float:
        """Mean homes of the years on which the ratio into a grade rests, with their weights."""
        first = grade == self.grades[0]
        part = "entry" if first else "progression"
        cell = self.past.cells.get((area, grade))
        if first:
            children = self.basis(area, self.base + 1) == "children"
            cell = (self.children_past if children else self.born_past)[area]
        weights = self.year_weights(cell, *self.how(part))
        weights = weights or dict.fromkeys(self.window(part), 1)
        past = {t: weight for t, weight in weights.items() if t in homes}
        held = sum(weight * homes[t] for t, weight in past.items())
        return held / sum(past.values()) if past else 0

    def year_weights(self, cell: Any, method: str, window: int) -> dict[int, float]:
        """Weight of each year in a ratio."""
        if method != "shrunk":
            pooled = method == "pooled"
            return {t: cell.source[t] if pooled else 1 for t in cell.years[-window:]}
        entry = cell in (*self.children_past.values(), *self.born_past.values())
        slow, behind, weight = (0.8, 0.0, 1000) if entry else (0.9, 300.0, 1000)
        years = [t for t in cell.years if self.base - t < 8]
        behind += faded(cell.source, years, self.base, slow)
        return {
            t: cell.source[t] * (0.4 ** (self.base - t) + weight * slow ** (self.base - t) / behind)
            for t in years
        }

    def part_of_region(self, area: Area, grade: int) -> float:
        """Share of an area in the pupils of its region's areas that are of its level in a grade."""
        level = self.level_of(grade, area[1])
        heads = {
            a: sum(self.pupils[self.base, a, g] for g in self.grades)
            for a in self.areas
            if a[0] == area[0]
            and self.level_of(grade, a[1]) == level
            and (a, grade) not in self.absent
        }
        if area not in heads:
            return 0
        if len(heads) == 1:
            return 1
        return heads[area] / sum(heads.values()) if any(heads.values()) else 1 / len(heads)

    def rezone(self, t: int, rolled: dict[tuple[int, Area, int], float]) -> None:
        """Shares of the entrants as they were before any rezoning change region."""
        before = dict(rolled)
        for own in self.own_keys("rezone", t):
            grade = self.grades_of[own["level"]][0]
            for region, group in self.joining(own["level"]):
                if region == own["from_region"]:
                    moved = own["share"] * before[t, (region, group), grade]
                    rolled[t, (region, group), grade] -= moved
                    rolled[t, (own["to_region"], group), grade] += moved

    # Places -------------------------------------------------------------------------------

    def stock(self, known: int, region: str, level: str) -> list[Row]:
        """Places rows of a cell as known in a year: per school and kind the latest."""
        latest: dict[tuple[Any, Any], Row] = {}
        for row in self.rows_of("places"):
            key, year = (row.get("school"), row.get("kind")), row.get("year", -EVER)
            if (row["region"], row["level"]) == (region, level) and year <= known:
                latest[key] = max(latest.get(key, row), row, key=lambda r: r.get("year", -EVER))
        return [row for row in self.rows_of("places") if any(row is r for r in latest.values())]

    def size(
        self, t: int, region: str, level: str, own: float | None = None, upto: int | None = None
    ) -> float:
        """Class size after (the first `upto`) levers: of a row with its own size, or the level."""
        size = own or self.level[level]["class_size"]
        cell = {"region": region, "level": level}
        return float(self.lever("class_size", size, t, upto, **cell))

    def row_places(self, row: Row, t: int, levers: bool = True, upto: int | None = None) -> float:
        """Places of one row of the stock in a year, at the class size of the first levers."""
        region, level = row["region"], row["level"]
        closed = {
            (own["region"], own["level"], own.get("school"))
            for own in self.own_keys("close", t)
            if levers and "school" in own
        }
        if t >= row.get("closes", EVER) or (region, level, row.get("school")) in closed:
            return 0
        size = row.get("class_size", self.level[level]["class_size"])
        places = row["classes"] * size if "classes" in row else row["places"]
        return float(places * self.size(t, region, level, size, upto) / size if levers else places)

    def stock_after(self, t: int, region: str, level: str) -> float | None:
        """Stock of a cell after the levers on class size and on places, one after the other."""
        rows, cell = self.stock(self.base, region, level), {"region": region, "level": level}

        def standing(upto: int) -> float:
            return sum(self.row_places(row, t, upto=upto) for row in rows)

        places = standing(0) if rows else None
        for number, lever in enumerate(self.levers):
            if not self.chooses(lever, t, cell):
                continue
            if lever["kind"] == "places":
                places = self.acted(lever, places)
            elif lever["kind"] == "class_size" and places is not None:
                old, new = standing(number), standing(number + 1)
                if not old:
                    old, new = (self.size(t, region, level, None, number + k) for k in (0, 1))
                places *= new / old
        return places

    def open_share(self, project: Row, level: str, t: int) -> float:
        """Share of a project's places in use: grade by grade, or all from its first autumn."""
        since, n = t - project["opens"] - project.get("delay", 0), len(self.grades_of[level])
        fill = self.scenario.get("supply", {}).get("fill", "as_listed")
        if fill == "as_listed":
            usual = "by_grade" if project.get("kind", "new") == "new" else "immediate"
            fill = project.get("fill") or usual
        if since < 0 or t >= project.get("closes", EVER):
            return 0
        return min(since + 1, n) / n if fill == "by_grade" else 1

    def built(
        self, projects: list[Row], t: int, region: str, level: str, full: bool = False
    ) -> float:
        """Places of counted projects in a year, less those that their works take away.

        `full`: whole as soon as they have opened, and nothing is taken.
        """
        places = 0.0
        for row in projects:
            if row["region"] == region and row["status"] in self.counted:
                share = self.open_share(row, level, t)
                places += (row.get(f"places_{level}") or 0) * (share > 0 if full else share)
                if row.get("starts", EVER) <= t < row["opens"] + row.get("delay", 0) and not full:
                    places -= row.get(f"decant_{level}") or 0
        return places

    def sets_of(self, pool: Any) -> list[list[str]]:
        """Sets of regions that share the places of a level."""
        return [self.leaves] if pool == "district" else pool if isinstance(pool, list) else []

    def margin(self, t: int, region: str, level: str) -> float:
        """Share of places that is kept free."""
        stated = self.scenario.get("supply", {}).get("margin", 0)
        return float(self.lever("margin", stated, t, region=region, level=level))

    def in_grade(self, t: int, region: str, level: str, k: int) -> float | None:
        """Places of the k-th grade of a level (from 0); a filling school's lowest are open."""
        n, stock = len(self.grades_of[level]), self.stock_after(t, region, level)
        if stock is None:
            return None
        even = stock + self.lever("add_places", 0, t, region=region, level=level)
        even += self.closed_and_converted(t, region, level)
        scale = self.size(t, region, level) / self.level[level]["class_size"]
        for row in self.projects:
            if row["region"] == region and row["status"] in self.counted:
                full = (row.get(f"places_{level}") or 0) * scale
                open_grades = round(self.open_share(row, level, t) * n)
                even += full if k < open_grades else 0
                if row.get("starts", EVER) <= t < row["opens"] + row.get("delay", 0):
                    even -= (row.get(f"decant_{level}") or 0) * scale
        return float(even / n)

    def entry_places(self, t: int, region: str, level: str) -> float | None:
        """As places.csv states them, for the rest full size by grade."""
        listed, n = self.listed[t, region, level], len(self.grades_of[level])
        if listed is None:
            return None
        rest = listed / n
        for row in self.stock(self.base, region, level):
            if "entry_places" in row:
                now = self.row_places(row, t)
                whole = self.row_places({**row, "closes": EVER}, t, levers=False)
                rest += row["entry_places"] * (now / whole if whole else 1) - now / n
        return max(rest, 0)

    def supply(self) -> None:
        """Places and listed places of every cell (None where no places are known)."""
        self.places: dict[tuple[int, str, str], float | None] = {}
        self.listed: dict[tuple[int, str, str], float | None] = {}
        for t in range(self.base, self.last + 1):
            for region in self.leaves:
                for level in self.levels:
                    stock = self.stock_after(t, region, level)
                    other = self.lever("add_places", 0, t, region=region, level=level)
                    other += self.closed_and_converted(t, region, level)
                    scale = self.size(t, region, level) / self.level[level]["class_size"]
                    for full, places in ((False, self.places), (True, self.listed)):
                        built = self.built(self.projects, t, region, level, full) * scale
                        places[t, region, level] = None if stock is None else stock + built + other

    def closed_and_converted(self, t: int, region: str, level: str) -> float:
        change = 0.0
        for own in self.own_keys("close", t):
            if (own["region"], own["level"]) == (region, level):
                change -= own.get("places", 0)
        for own in self.own_keys("convert", t):
            if own["region"] == region and own["from_level"] == level:
                change -= own["places"]
            if own["region"] == region and own["to_level"] == level:
                rooms = own["places"] / self.size(t, region, own["from_level"])
                change += rooms * self.size(t, region, level)
        return change

    def constrained(self, region: str, level: str) -> bool:
        """Whether the cell stood at .98 of its listed places in a window year (to the base)."""
        window = self.scenario["demand"]["progression"]["window"]
        for t in range(self.base - window + 1, self.base + 1):
            heads = [  # grades without a count that year add nothing: the rest may fill the places
                n
                for (year, area, grade), n in self.pupils.items()
                if year == t and area[0] == region and self.level_of(grade, area[1]) == level
            ]
            rows = self.stock(t, region, level)
            if rows:
                places = sum(self.row_places(row, t, levers=False) for row in rows)
                places += self.built(self.rows_of("pipeline"), t, region, level)
                if sum(heads) > 0 and sum(heads) >= 0.98 * places:
                    return True
        return False

    # Balance ------------------------------------------------------------------------------

    def converted(self, t: int, region: str, gap: dict[str, float]) -> dict[str, float]:
        """Gaps of one region (levels with known places) after rooms lent between its levels."""
        lenders: list[Row] = []
        for number, level in enumerate(self.levels):
            for row in self.stock(self.base, region, level) if level in gap else []:
                lends_to = [code.strip() for code in row.get("convertible_to", "").split(";")]
                if lends_to != [""]:
                    highest = max(self.levels.index(code) for code in lends_to)
                    lender = {"level": level, "to": lends_to, "left": self.row_places(row, t)}
                    lenders.append(lender | {"turn": (highest, number, len(lenders))})
        lenders.sort(key=lambda lender: lender["turn"])
        after = dict(gap)
        for short in (code for code in self.levels if after.get(code, 0) > 0):
            for lender in lenders:
                if short in lender["to"]:
                    level = lender["level"]
                    spare = max(min(lender["left"], -after[level]), 0)
                    sizes = self.size(t, region, level), self.size(t, region, short)
                    rooms = min(spare / sizes[0], max(after[short], 0) / sizes[1])
                    lender["left"] -= rooms * sizes[0]
                    after[level] += rooms * sizes[0]
                    after[short] -= rooms * sizes[1]
        return after

    def left_after_moves(self, level: str, gap: dict[str, float]) -> float:
        """The most that any set of regions is short beyond what its neighbours have to spare."""
        worst = 0.0
        for count in range(1, len(gap) + 1):
            for chosen in combinations(gap, count):
                near = {b for a, b in self.neighbours[level] if a in chosen}
                short = sum(max(gap[region], 0) for region in chosen)
                worst = max(worst, short - sum(max(-gap[region], 0) for region in near))
        return worst

    # Rows ---------------------------------------------------------------------------------

    def rows(self) -> dict[str, Any]:
        results: dict[Any, Row] = {}
        entry: dict[Any, Row] = {}
        pupils: dict[Any, float] = {}
        limits = {(r, v): self.constrained(r, v) for r in self.leaves for v in self.levels}
        for t in range(self.base, self.last + 1):
            heads: dict[tuple[str, str, int], float] = {}
            for level in self.levels:
                for area, grade in self.cells_of(level):
                    key = area[0], level, grade
                    heads[key] = heads.get(key, 0) + self.rolled[t, area, grade]
            groups = sorted({group for _, group in self.areas})
            for region, leaves in self.leaves_of.items():
                for grade in self.grades:
                    here = [a for a in self.areas if a[0] in leaves]
                    pupils[t, region, grade] = sum(self.rolled[t, a, grade] for a in here)
                    for group in groups if groups != [""] else []:
                        pupils[t, region, grade, group] = sum(
                            self.rolled[t, a, grade] for a in here if a[1] == group
                        )
            balance = Balance(self, t, heads)
            for region in [*self.regions, "all"]:
                for level in self.levels:
                    entry[t, region, level] = balance.entry_row(region, level)
                for level in [*self.levels, "all"]:
                    row = balance.row(region, level)
                    cells = balance.cells(region, level)
                    row["constrained"] = any(limits[cell] for cell in cells)
                    results[t, region, level] = row
        return {"results": results, "entry": entry, "pupils": pupils, "held": self.held}


class Balance:
    """Demand against places in one year: gaps by region and level, and their sums."""

    def __init__(self, model: Model, t: int, heads: dict[tuple[str, str, int], float]) -> None:
        self.model, self.t, self.heads = model, t, heads
        self.demand: dict[Area, float] = {}
        self.gap: dict[Area, float | None] = {}
        self.need: dict[Area, float | None] = {}  # the gap where some places are kept free
        for region in model.leaves:
            for level in model.levels:
                cell = region, level
                self.demand[cell] = sum(
                    heads.get((region, level, grade), 0) for grade in model.grades_of[level]
                )
                places = model.places[t, region, level]
                self.gap[cell] = self.need[cell] = None
                if places is not None:
                    free = 1 - model.margin(t, region, level)
                    self.gap[cell] = self.demand[cell] - places
                    self.need[cell] = self.demand[cell] - places * free
        offered = {cell: self.offered(*cell) for cell in self.need}
        self.lent: dict[Area, float | None] = dict.fromkeys(self.need)  # what lending changes
        for region in model.leaves:
            known = {v: offered[region, v] for v in model.levels if offered[region, v] is not None}
            for level, gap in model.converted(t, region, known).items():  # type: ignore[arg-type]
                self.lent[region, level] = gap - known[level]  # type: ignore[operator]
        self.after = {
            cell: None if value is None else offered[cell] + self.lent[cell]  # type: ignore[operator]
            for cell, value in self.need.items()
        }

    def offered(self, region: str, level: str) -> float | None:
        """What a cell takes or gives: one of a set its part of what the set lacks or can spare."""
        need = self.need[region, level]
        mine = [one for one in self.model.sets[level] if region in one]
        if need is None or not mine:
            return need
        known = [n for r in mine[0] if (n := self.need[r, level]) is not None]
        whole = sum(known)
        if need * whole <= 0:
            return 0.0
        alike = sum(n for n in known if n * whole > 0)
        return need * whole / alike

    def cells(self, region: str, level: str) -> list[Area]:
        levels = self.model.levels if level == "all" else [level]
        return [(leaf, code) for leaf in self.model.leaves_of[region] for code in levels]

    def row(self, region: str, level: str) -> Row:
        cells = self.cells(region, level)
        places = total([self.model.places[self.t, *cell] for cell in cells])
        demand = sum(self.demand[cell] for cell in cells)
        return {
            "demand": demand,
            "places": places,
            "places_listed": total([self.model.listed[self.t, *cell] for cell in cells]),
            "gap": total([self.gap[cell] for cell in cells]),
            "shortage": self.clipped(region, level, self.need, 1),
            "surplus": self.clipped(region, level, self.need, -1),
            "shortage_after": self.shortage_after(region, level),
            "shortage_by_grade": self.by_grade(region, level),
            "utilisation": demand / places if places else None,
        }

    def parts(self, region: str, level: str) -> list[list[str]] | None:
        """Sets and single regions of a row that are short by themselves; None where it cuts one."""
        leaves, sets = self.model.leaves_of[region], self.model.sets[level]
        if region != "all" and self.model.level[level].get("pool") == "district":
            return None
        within = [one for one in sets if set(one) <= set(leaves)]
        if any(set(one) & set(leaves) and one not in within for one in sets):
            return None
        return within + [[leaf] for leaf in leaves if not any(leaf in one for one in sets)]

    def clipped(
        self, region: str, level: str, gap: dict[Area, float | None], sign: int
    ) -> float | None:
        """Sum of max(sign x gap, 0) over what is short by itself."""
        if level == "all":
            held = [c for c in self.model.levels if self.parts(region, c) is not None]
            return total([self.clipped(region, code, gap, sign) for code in held])
        parts = self.parts(region, level)
        if parts is None:
            return None
        found = [total([gap[leaf, level] for leaf in one]) for one in parts]
        return total([None if value is None else max(sign * value, 0) for value in found])

    def by_grade(self, region: str, level: str) -> float | None:
        """The same for every grade by itself: a spare place in one seats no other."""
        if level == "all":
            held = [c for c in self.model.levels if self.parts(region, c) is not None]
            return total([self.by_grade(region, code) for code in held])
        short: list[float | None] = []
        for k, grade in enumerate(self.model.grades_of[level]):
            gap: dict[Area, float | None] = {}
            for leaf in self.model.leaves:
                places = self.model.in_grade(self.t, leaf, level, k)
                free = 1 - self.model.margin(self.t, leaf, level)
                needed = self.heads.get((leaf, level, grade), 0)
                gap[leaf, level] = None if places is None else needed - places * free
            short.append(self.clipped(region, level, gap, 1))
        return total(short)

    def shortage_after(self, region: str, level: str) -> float | None:
        """What is left after conversions, and in the rows of all regions also after moves."""
        if level == "all":
            held = [c for c in self.model.levels if self.parts(region, c) is not None]
            return total([self.shortage_after(region, code) for code in held])
        parts = self.parts(region, level)
        if parts is None:
            return None
        left: list[float | None] = []
        for one in parts:
            whole = total([self.need[leaf, level] for leaf in one])
            lent = total([self.lent[leaf, level] for leaf in one])
            left.append(None if whole is None else max(whole + lent, 0))  # type: ignore[operator]
        if region == "all" and level in self.model.neighbours and not self.model.sets[level]:
            after = {leaf: self.after[leaf, level] for leaf in self.model.leaves}
            if None not in after.values():
                return self.model.left_after_moves(level, after)  # type: ignore[arg-type]
        return total(left)

    def entry_row(self, region: str, level: str) -> Row:
        """Entrants of a level's first grade against its entry rooms."""
        grades, leaves = self.model.grades_of[level], self.model.leaves_of[region]
        entrants = sum(self.heads.get((leaf, level, grades[0]), 0) for leaf in leaves)
        rooms = [self.model.entry_places(self.t, leaf, level) for leaf in leaves]
        places, kept = total(rooms), None
        if places is not None:
            shares = [1 - self.model.margin(self.t, leaf, level) for leaf in leaves]
            kept = sum(room * share for room, share in zip(rooms, shares, strict=True))  # type: ignore[operator]
        row: Row = {"entrants": entrants, "entry_places": places, "entry_gap": None, "band": ""}
        row["classes_needed"] = sum(
            math.ceil(
                self.heads.get((leaf, level, grades[0]), 0) / self.model.size(self.t, leaf, level)
                - 1e-9
            )
            for leaf in leaves
        )
        if places is not None and kept is not None and self.parts(region, level) is not None:
            row["entry_gap"] = entrants - places
            used = entrants / kept if kept else math.inf
            full, tight = (used >= self.model.lines[one] for one in ("red", "yellow"))
            row["band"] = "" if entrants <= 0 else "红" if full else "黄" if tight else ""
        return row
