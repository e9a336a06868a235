"""Scenarios: a question about a district, checked together with all that it reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from capacity.base.errors import At, Problem, Problems, phrase
from capacity.base.fields import Fixed, Texts
from capacity.base.settings import SOURCES, Chance, Demand, Horizon, Supply
from capacity.base.shown import HtmlRepr
from capacity.inputs.districts.base_year import check_base, check_projects, last_whole_year
from capacity.inputs.districts.district import DISTRICT_FILE, District, load_district
from capacity.inputs.documents.shapes import checked
from capacity.inputs.documents.yaml import Document, Mark, as_document
from capacity.inputs.levers.checks import check_levers
from capacity.inputs.levers.lever import Lever
from capacity.inputs.levers.read import (
    added_projects,
    as_stated,
    canonical_codes,
    given_levers,
    stated_levers,
    without_many,
)
from capacity.inputs.scenarios.changes import (
    Changed,
    changed,
    fixed,
    given_settings,
    laid,
    named,
)
from capacity.inputs.scenarios.extends import Chain, inside, read_chain
from capacity.inputs.scenarios.reread import district_once
from capacity.inputs.scenarios.schema import HorizonFile, ScenarioFile
from capacity.inputs.scenarios.unused import check_unused, still_unused
from capacity.inputs.tables.files import InputFile, is_dir, is_file
from capacity.inputs.tables.sources import BOOKS

MAX_YEARS = 60
#: Years that a question looks ahead where it does not say.
AHEAD = 10
#: Files of tables, which somebody may take for something to check by itself.
TABLE_SUFFIXES = (".csv", ".tsv", *BOOKS)
#: What a scenario file states, and an import.yaml does not.
_SCENARIO = re.compile(r"^(?:district|extends):[ \t]*\S", re.MULTILINE)


@dataclass(frozen=True, repr=False)
class Scenario(HtmlRepr, page="capacity.render.pages.inputs"):
    """A checked scenario: what it asks, the district it asks about, and its levers.

    Read one with `capacity.load_scenario`, change it by `with_levers`, run it with `capacity.run`.
    Two are equal where they were read from the same files with the same content.

    Attributes
    ----------
    name : str
    title, question : Texts
        In English and Chinese; no question where None.
    district : District
    horizon : Horizon
        Base year and last year, school years by their autumn.
    demand : Demand
        How pupils are forecast.
    supply : Supply
        Which projects count, and how they fill.
    chance : Chance
        Draws and seed.
    levers : tuple of Lever
        Those of ``extends`` first.
    files : tuple of InputFile
        Every file read: scenario files, district.yaml and tables.
    path : Path
        The scenario file.
    warnings : tuple of Problem
    extends : Path or None
        The scenario file on which it builds.
    since : mapping
        What was changed in Python since it was read, as a file that extends it would state it.

    Examples
    --------
    Where ``capacity new demo`` has written an example district:

    >>> import capacity
    >>> scenario = capacity.load_scenario("demo/delayed.yaml")
    >>> scenario.horizon.last_year
    2035
    >>> scenario.levers
    (<Lever delay: add=2, status=('approved', 'planned')>,)
    """

    name: str
    title: Texts
    question: Texts | None
    district: District
    horizon: Horizon
    demand: Demand
    supply: Supply
    chance: Chance
    levers: tuple[Lever, ...]
    files: tuple[InputFile, ...]
    path: Path
    warnings: tuple[Problem, ...]
    extends: Path | None = None
    since: Mapping[str, Any] = field(default_factory=Fixed)

    @classmethod
    def of(
        cls,
        district: District,
        *,
        base_year: int | None = None,
        last_year: int | None = None,
        name: str = "scenario",
    ) -> Scenario:
        """Return the plain question about a district: what if all goes on as it is planned.

        Parameters
        ----------
        district : District
            From `capacity.District.from_frames`, or of another scenario.
        base_year : int, optional
            The last whole year of enrolment by default.
        last_year : int, optional
            Ten years after it by default.
        name : str

        Raises
        ------
        capacity.InputError
            The base year is not whole, or a value cannot be.

        Examples
        --------
        >>> import capacity
        >>> district = capacity.load_scenario("demo/baseline.yaml").district
        >>> capacity.Scenario.of(district, last_year=2030)
        <Scenario scenario: 2025–2030, levers=0>
        """
        base = last_whole_year(district) if base_year is None else base_year
        horizon = {"base_year": base, "last_year": base + AHEAD if last_year is None else last_year}
        problems = Problems()
        found = checked(Horizon, as_document(horizon, "Scenario.of"), problems)
        check_base(district, base, problems)
        called = named(name, "Scenario.of", problems)
        if found is not None:
            _check_horizon(found, as_document({}, "Scenario.of"), problems)
        problems.raise_errors()
        assert found is not None and called is not None
        problems.extend(district.warnings)
        folder = district.folder
        top = folder.parent if folder.name not in ("", "..") else folder
        within = folder.relative_to(top).as_posix()
        return cls(
            name=called[0],
            title=called[1],
            question=None,
            district=district,
            horizon=found,
            demand=Demand(),
            supply=Supply(),
            chance=Chance(),
            levers=(),
            files=tuple(replace(file, name=f"{within}/{file.name}") for file in district.files),
            path=top / f"{name}.yaml",
            warnings=problems.warnings,
        )

    def __repr__(self) -> str:
        years = f"{self.horizon.base_year}–{self.horizon.last_year}"
        return f"<Scenario {self.name}: {years}, levers={len(self.levers)}>"

    def with_levers(self, *levers: Mapping[str, Any] | Lever, name: str | None = None) -> Scenario:
        """Return the same scenario with further levers after its own.

        Parameters
        ----------
        *levers : mapping or Lever
            Keys as in a scenario file: ``{"kind": "delay", "add": 2}``, add in years.
        name : str, optional
            What it is called; its own name, title and question by default. As in a file that
            states a name alone, the name is then the title, and there is no question.

        Returns
        -------
        Scenario
            This one stays as it is.

        Raises
        ------
        InputError
            With every problem of the levers, whose place is ``with_levers`` and their number, and
            of the name.
        TypeError
            A lever is no mapping: they are given one by one, not in a list.

        Examples
        --------
        Where ``capacity new demo`` has written an example district:

        >>> import capacity
        >>> plan = capacity.load_scenario("demo/baseline.yaml")
        >>> plan.with_levers(
        ...     {"kind": "delay", "add": 2, "where": {"status": "planned"}},
        ...     {"kind": "births", "times": 0.9, "from": 2026},
        ...     name="late-and-few",
        ... )
        <Scenario late-and-few: 2025–2035, levers=2>
        """
        problems = Problems()
        more, whole = given_levers(levers, problems)
        district = self.district if whole else _without_projects(self.district)
        every = canonical_codes((*self.levers, *more), district)
        check_levers(every, district, self.horizon, problems)
        base, last = self.horizon.base_year, self.horizon.last_year
        check_projects(
            district, base, last if last > base else None, problems, added_projects(every)
        )
        own = _own(name, "with_levers", problems)
        problems.raise_errors()
        problems.extend(self.warnings)
        stated = {"levers": tuple(map(as_stated, every[len(self.levers) :]))} if more else {}
        since = fixed(laid(self.since, stated | own))
        return replace(self, levers=every, warnings=problems.warnings, since=since, **own)

    def with_settings(
        self,
        *,
        method: str | None = None,
        window: int | None = None,
        horizon: Mapping[str, int] | Horizon | None = None,
        completion: Mapping[str, float] | None = None,
        margin: float | None = None,
        name: str | None = None,
    ) -> Scenario:
        """Return the same scenario with other settings: those of a file that extends it.

        Parameters
        ----------
        method : str, optional
            ``shrunk``, ``mean`` or ``pooled``, of entry and of progression.
        window : int, optional
            Years up to the base year that ``mean`` and ``pooled`` use, of both.
        horizon : mapping, optional
            ``base_year``, ``last_year`` or both.
        completion : mapping, optional
            Probability that a project is built, by status; other statuses keep theirs.
        margin : float, optional
            Share of the places that is kept free.
        name : str, optional
            As in `with_levers`.

        Returns
        -------
        Scenario
            This one stays as it is.

        Raises
        ------
        InputError
            With every problem, as of a scenario file; the place is ``with_settings``.

        Examples
        --------
        >>> import capacity
        >>> plan = capacity.load_scenario("demo/baseline.yaml")
        >>> plain = plan.with_settings(method="mean", window=5, horizon={"last_year": 2030})
        >>> plain, plain.demand.entry.window
        (<Scenario demo-baseline: 2025–2030, levers=0>, 5)
        >>> plan.with_settings(completion={"planned": 0.5}, margin=0.05).supply.margin
        0.05
        """
        options = {"method": method, "window": window, "horizon": horizon}
        given = as_document(
            given_settings(**options, completion=completion, margin=margin), "with_settings"
        )
        problems, district = Problems(), self.district
        old = Changed(horizon=self.horizon, demand=self.demand, supply=self.supply)
        found = changed(old, given, problems)
        own = _own(name, "with_settings", problems)
        if found is not None:
            _check_horizon(found.horizon, given, problems)
        problems.raise_errors()
        assert found is not None
        at = given.at(("horizon",)) if "horizon" in given.data else None
        _check_years(district, found.horizon, self.levers, problems, at)
        problems.raise_errors()
        before, last_year = Problems(), found.horizon.last_year
        _check_years(district, self.horizon, self.levers, before)
        settings = found.demand, found.supply, self.chance
        kept = [one for one in self.warnings if one not in before.warnings]
        problems.extend(still_unused(kept, settings, last_year, district))
        check_unused(given, settings, last_year, district, problems)
        changes = {name: getattr(found, name) for name in type(found).model_fields}
        since = fixed(laid(self.since, given.data | own))
        return replace(self, warnings=problems.warnings, since=since, **changes, **own)

    def with_sources(self, *sources: str) -> Scenario:
        """Return the same scenario in which only these sources of chance vary; none: nothing does.

        Parameters
        ----------
        *sources : str
            Any of births, ratios, projects, places and regions, as in ``chance.sources``.

        Raises
        ------
        ValueError
            A source is another.

        Examples
        --------
        >>> import capacity
        >>> plan = capacity.load_scenario("demo/baseline.yaml")
        >>> plan.with_sources("births", "projects").chance.sources
        ('births', 'projects')
        """
        unknown = [source for source in sources if source not in SOURCES]
        if unknown:
            raise ValueError(f"no source {unknown[0]!r}: one of {', '.join(SOURCES)}")
        since = fixed(laid(self.since, {"chance": {"sources": sources}}))
        return replace(
            self, chance=self.chance.model_copy(update={"sources": sources}), since=since
        )


def load_scenario(path: str | Path) -> Scenario:
    """Read a scenario file with all that it extends and the district it is about.

    Parameters
    ----------
    path : str or Path
        The scenario file.

    Returns
    -------
    Scenario

    Raises
    ------
    InputError
        With every problem of all files.

    Examples
    --------
    Where ``capacity new demo`` has written an example district:

    >>> import capacity
    >>> capacity.load_scenario("demo/delayed.yaml")
    <Scenario demo-late: 2025–2035, levers=1>
    """
    problems = Problems()
    scenario = read_scenario(Path(path), problems)
    problems.raise_errors()
    assert scenario is not None
    return scenario


def check(path: str | Path) -> Problems:
    """Return every problem of a scenario file, or of a district folder."""
    problems = Problems()
    path = Path(path)
    if is_dir(path):
        load_district(path, problems)
    elif path.name == DISTRICT_FILE:
        load_district(path.parent, problems)
    else:
        read_scenario(path, problems)
    return problems


def read_scenario(path: Path, problems: Problems) -> Scenario | None:
    """Read a scenario, adding all problems; None where there are errors."""
    if path.suffix.lower() in TABLE_SUFFIXES and is_file(path):
        problems.error("scenario-table", At(str(path), 1, 1), folder=path.parent)
        return None
    if is_dir(path):
        _refuse_folder(path, problems)
        return None
    chain = read_chain(path, problems)
    if chain is None:
        return None
    document = without_many(chain.document, problems)
    declared = checked(ScenarioFile, document, problems)
    district, folder = _district(chain, problems)
    horizon, base_year = _horizon(document, district)
    if horizon is not None:
        _check_horizon(horizon, document, problems)
    levers, whole = stated_levers(document, problems)
    if district is not None:
        if not whole:
            district = _without_projects(district)
        if base_year is not None:
            base_at = document.at(("horizon", "base_year"))
            check_base(district, base_year, problems, at=base_at)
            last_year = horizon.last_year if horizon is not None else base_year
            until = last_year if last_year > base_year else None
            check_projects(district, base_year, until, problems, added_projects(levers))
        levers = canonical_codes(levers, district)
        check_levers(levers, district, horizon, problems)
    if declared is None or district is None or horizon is None or problems.errors:
        return None
    settings = declared.demand, declared.supply, declared.chance
    check_unused(document, settings, horizon.last_year, district, problems)
    return Scenario(
        name=declared.name,
        title=declared.title,
        question=declared.question,
        district=district,
        horizon=horizon,
        demand=declared.demand,
        supply=declared.supply,
        chance=declared.chance,
        levers=levers,
        files=(*chain.files, *(replace(f, name=f"{folder}/{f.name}") for f in district.files)),
        path=path,
        warnings=problems.warnings,
        extends=next(iter([*chain.paths.values()][1:]), None),
    )


def _refuse_folder(path: Path, problems: Problems) -> None:
    """Refuse a folder in place of a scenario file, with the command for one that lies in it."""
    if not is_file(path / DISTRICT_FILE):
        problems.error("folder-without", At(str(path)), folder=path)
        return
    found = sorted({*path.glob("*.yaml"), *path.glob("*.yml")} - {path / DISTRICT_FILE})
    files = [file for file in found if _SCENARIO.search(_beginning(file))]
    files.sort(key=lambda file: file.stem != "baseline")
    said = phrase("facts.run_inside", path=files[0]) if files else phrase("facts.write_scenario")
    problems.error("scenario-folder", At(str(path)), advice=said)


def _beginning(file: Path) -> str:
    try:
        with file.open(encoding="utf-8", errors="replace") as opened:
            return opened.read(10_000)
    except OSError:
        return ""


def _own(name: str | None, place: str, problems: Problems) -> dict[str, Any]:
    """Return the keys of its own that a scenario of another name has; none of the same name."""
    if name is None or (found := named(name, place, problems)) is None:
        return {}
    return {"name": found[0], "title": found[1], "question": None}


def _check_years(
    district: District,
    horizon: Horizon,
    levers: tuple[Lever, ...],
    problems: Problems,
    at: At | None = None,
) -> None:
    """Check a district and sound levers against the years of a forecast, stated at a place."""
    base, last = horizon.base_year, horizon.last_year
    check_base(district, base, problems, at=at)
    check_projects(district, base, last if last > base else None, problems, added_projects(levers))
    check_levers(levers, district, horizon, problems)


def _horizon(document: Document, district: District | None) -> tuple[Horizon | None, int | None]:
    """Read the horizon by itself, and the base year by itself: where none is stated, the data's."""
    unheard = Problems()
    stated = document.data.get("horizon")
    if not isinstance(stated, dict):
        return None, None
    years = checked(HorizonFile, document, unheard, ("horizon",))
    if years is None and (base := stated.get("base_year")) is not None:
        alone = Document({"base_year": base, "last_year": base}, Mark(At("")))
        declared = checked(HorizonFile, alone, unheard)
        return None, declared.base_year if declared else None
    base_year = years.base_year if years is not None else None
    if base_year is None:
        base_year = _latest(district)
    if years is None or base_year is None:
        return None, base_year
    return Horizon(base_year=base_year, last_year=years.last_year), base_year


def _latest(district: District | None) -> int | None:
    """Return the last year whose enrolment is whole; None where that cannot be told."""
    asked = ("enrolment", "regions", "within", "levels")
    if district is None or not district.is_valid(*asked) or not district.has("enrolment"):
        return None
    return last_whole_year(district)


def _without_projects(district: District) -> District:
    """Leave projects unasked, as a lever that cannot be read may add the one that another names."""
    return replace(district, invalid=district.invalid | {"pipeline"})


def _district(chain: Chain, problems: Problems) -> tuple[District | None, str]:
    """Load the district from the folder that stands beside the file that names it."""
    stated = chain.document.data.get("district")
    if not isinstance(stated, str):
        return None, ""
    at = chain.document.at(("district",))
    folder = inside(chain.paths[at.file].parent, stated, at, problems)
    if folder is None:
        return None, ""
    top = next(iter(chain.paths.values())).parent
    name = folder.relative_to(top).as_posix() if folder.is_relative_to(top) else folder.name
    return district_once(folder, problems), name


def _check_horizon(horizon: Horizon, document: Document, problems: Problems) -> None:
    at = document.at(("horizon", "last_year"))
    years = horizon.last_year - horizon.base_year
    if years < 0:
        problems.error("horizon-order", at, base=horizon.base_year, found=horizon.last_year)
    elif years > MAX_YEARS:
        problems.error("horizon-long", at, years=years, limit=MAX_YEARS)
