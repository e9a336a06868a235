"""The method, step by step: load → calibrate → simulate → result."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from capacity.base.errors import At, InputError, Problems
from capacity.base.settings import (
    MAX_DRAWS,
    MAX_SEED,
    MAX_WINDOW,
    METHODS,
    Calibration,
    Settings,
)
from capacity.base.words import LANGUAGES, language
from capacity.inputs.districts.district import DISTRICT_FILE, District, read_district
from capacity.inputs.scenarios.scenario import MAX_YEARS, Scenario, load_scenario
from capacity.inputs.to_model.budget import check_draws
from capacity.inputs.to_model.district import build
from capacity.inputs.to_model.effects import check_places, check_results
from capacity.inputs.to_model.levers import resolve
from capacity.inputs.to_model.past import check_past
from capacity.model.data import ModelData
from capacity.model.draws.supply import completion_of
from capacity.model.run import run_model
from capacity.model.simulation import Prepared
from capacity.render.pictures import charts_of_run
from capacity.render.workbook.kept import workbook_of_run
from capacity.results import folder as folders
from capacity.results.atomic import REPORT, RUN, read_manifest
from capacity.results.build import build_result
from capacity.results.identity import identity
from capacity.results.readback import TABLES
from capacity.results.result import Result
from capacity.results.runs import is_run, load_run, run_folder
from capacity.studies.compare.folder import is_comparison
from capacity.studies.compare.study import Comparison, comparison_of

if TYPE_CHECKING:
    from capacity.studies.backtest.study import BacktestResult
    from capacity.studies.ratios.study import CalibratedRatios

__all__ = [
    "backtest",
    "calibrate",
    "compare",
    "keep",
    "load_district",
    "load_run",
    "load_scenario",
    "report",
    "run",
    "with_chance",
]


def run(
    scenario: Scenario,
    *,
    draws: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
) -> Result:
    """Run a scenario.

    Parameters
    ----------
    scenario : Scenario
        As `load_scenario` or `Scenario.with_levers` give it.
    draws : int, optional
        Sampled worlds beside the central run, from 0 to 1,000,000; the scenario's own number by
        default. 0 is the central run alone.
    seed : int, optional
        Seed of the draws, 0 or more; the scenario's own by default.
    workers : int, optional
        Threads that draw; the cores by default. The same numbers for any.

    Returns
    -------
    Result

    Raises
    ------
    capacity.InputError
        Levers take more places away than there are, leave no class size, or send pupils of a
        group where it is not; a grade has no pupils in the base year alone, or the only region
        has a ratio beyond the limit.
    TypeError
        This is no scenario, or draws or seed are no whole numbers.
    ValueError
        Draws or seed are beyond the limits of scenario files.

    Examples
    --------
    Where ``capacity new demo`` has written an example district:

    >>> import capacity
    >>> capacity.run(capacity.load_scenario("demo/baseline.yaml"))
    <Result demo-baseline: 2025–2035>
    """
    if not isinstance(scenario, Scenario):
        raise TypeError(f"run takes a scenario, as capacity.load_scenario gives it: {scenario!r}")
    scenario = with_chance(scenario, draws, seed)
    horizon, completion = scenario.horizon, completion_of(scenario.supply)
    data = build(scenario.district, horizon.base_year, horizon.last_year, completion=completion)
    check_past(scenario.district, data, scenario.demand)
    found = run_model(
        data,
        Settings(demand=scenario.demand, supply=scenario.supply, chance=scenario.chance),
        resolve(scenario, data.axes, completion),
        workers=workers or os.cpu_count() or 1,
        refuse=lambda prepared: refuse(scenario, data, prepared),
    )
    return build_result(scenario, found)


def compare(a: Result | Scenario | str | Path, b: Result | Scenario | str | Path) -> Comparison:
    """Compare B with A: how the results differ, and what differs in the inputs.

    Parameters
    ----------
    a, b
        Each a result, a scenario (which is run), a run folder or a scenario file.

    Raises
    ------
    capacity.InputError
        A path is neither a run nor a sound scenario, a run was altered since, or the two have
        no year in common.

    Examples
    --------
    Where ``capacity new demo`` has written an example district; every change is b - a:

    >>> import capacity
    >>> plan = capacity.load_scenario("demo/baseline.yaml")
    >>> late = plan.with_levers({"kind": "delay", "add": 2})
    >>> found = capacity.compare(plan, late)
    >>> found.headline[["year", "places_change", "gap_change"]].head(3)
       year  places_change  gap_change
    0  2025            0.0         0.0
    1  2026         -160.0       160.0
    2  2027         -800.0       800.0
    """
    return comparison_of(result_from(a), result_from(b))


def report(
    *runs: Result | Scenario | str | Path,
    path: str | Path | None = None,
    lang: str | None = None,
    signed_by: Sequence[str] = (),
    overwrite: bool = False,
) -> str:
    """Make the report of a run, or of several, each against the first: one HTML file.

    Parameters
    ----------
    *runs
        Each a result, a scenario (which is run), a run folder or a scenario file.
    path : str or Path, optional
        The file to write; another report there is replaced.
    lang : str, optional
        ``en`` or ``zh``; by default that of the locale.
    signed_by : sequence of str, optional
        Names of those who have signed it off; without any the report says that nobody has.
    overwrite : bool, optional
        Whether a file that is no report may be replaced; it stays beside it.

    Returns
    -------
    str
        The page: it needs no other file and no network, and holds a policy that lets nothing in
        it act but its own scripts.

    Raises
    ------
    capacity.InputError
        A path is neither a run nor a sound scenario, a run was altered since, or the file is not
        to be replaced.
    TypeError, ValueError
        There is no run, or no such language.

    Examples
    --------
    Where ``capacity new demo`` has written an example district:

    >>> import capacity
    >>> text = capacity.report("demo/baseline.yaml", lang="en")
    >>> text.startswith("<!doctype html>"), "NOT SIGNED OFF" in text
    (True, True)
    """
    from capacity.studies.report.whole import put, report_text

    if not runs:
        raise TypeError("report takes a run at least")
    if lang not in (None, *LANGUAGES):
        raise ValueError(f"the language must be one of {', '.join(LANGUAGES)}: {lang!r}")
    text = report_text([result_from(one) for one in runs], language(lang), tuple(signed_by))
    if path is not None:
        put(Path(path), text, overwrite=overwrite)
    return text


def backtest(
    district: District | str | Path,
    *,
    horizons: int = 6,
    draws: int = 1000,
    seed: int = 1,
    grades: tuple[int, int] | None = None,
    workers: int | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> BacktestResult:
    """Measure forecasts on a district's own past: from every year, by what was known then.

    Parameters
    ----------
    district : District, str or Path
        A district folder, or its workbook or district.yaml.
    horizons : int, optional
        Years ahead, at most.
    draws : int, optional
        Sampled worlds behind the ranges of every forecast; 0 gives none.
    seed : int, optional
        Seed of the draws.
    grades : (int, int), optional
        The first and the last grade to measure; all by default.
    workers : int, optional
        Threads; the cores by default. The same numbers for any.
    progress : function of str, optional
        Told of each origin that is done.

    Returns
    -------
    BacktestResult

    Raises
    ------
    capacity.InputError
        The district has errors, too few years of enrolment, or no such grades; or memory does
        not hold the draws.
    TypeError, ValueError
        A number is none, or beyond its limits.

    Examples
    --------
    Where ``capacity new demo`` has written an example district:

    >>> import capacity
    >>> capacity.backtest("demo", horizons=3, draws=0, grades=(1, 9))
    <BacktestResult demo: origins 2020–2024, horizons 3>
    """
    from capacity.inputs.districts.part import within_grades
    from capacity.studies.backtest.study import backtest_of

    settings = {
        "horizons": _whole("horizons", horizons, MAX_YEARS, least=1),
        "draws": _whole("draws", draws, MAX_DRAWS),
        "seed": _whole("seed", seed, MAX_SEED),
        "workers": workers or os.cpu_count() or 1,
    }
    measured = district if isinstance(district, District) else load_district(district)
    if grades is not None:
        measured = within_grades(measured, *grades)
    return backtest_of(measured, **settings, progress=progress)


def calibrate(
    district: District | str | Path,
    *,
    method: str = "shrunk",
    window: int = 3,
    base_year: int | None = None,
) -> CalibratedRatios:
    """Find the ratios that a district's own past gives, what each rests on, and where it breaks.

    Parameters
    ----------
    district : District, str or Path
        A district folder, or its workbook or district.yaml.
    method : str, optional
        ``shrunk``, ``mean`` or ``pooled``, for entry and for progression.
    window : int, optional
        Years up to the base year that ``mean`` and ``pooled`` use.
    base_year : int, optional
        The last year that is used; by default the last whole one of enrolment.

    Returns
    -------
    CalibratedRatios

    Raises
    ------
    capacity.InputError
        The district has errors, or its base year is not whole.
    TypeError, ValueError
        There is no such method, or a number is none, or beyond its limits.

    Examples
    --------
    Where ``capacity new demo`` has written an example district:

    >>> import capacity
    >>> capacity.calibrate("demo", method="mean").frame()["years"].unique().tolist()
    [3]
    """
    from capacity.studies.ratios.study import calibrated_of

    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}: {method!r}")
    settings = Calibration.model_validate(
        {"method": method, "window": _whole("window", window, MAX_WINDOW, least=1)}
    )
    base = None if base_year is None else _whole("base_year", base_year, 9999)
    measured = district if isinstance(district, District) else load_district(district)
    return calibrated_of(measured, settings, base)


def load_district(path: str | Path) -> District:
    """Read a district folder.

    Parameters
    ----------
    path : str or Path
        The folder, or its workbook or district.yaml.

    Returns
    -------
    District
        `capacity.Scenario.of` asks a question about it.

    Raises
    ------
    capacity.InputError
        With every problem of all its files.

    Examples
    --------
    Where ``capacity new demo`` has written an example district:

    >>> import capacity
    >>> district = capacity.load_district("demo")
    >>> district.leaf_regions
    ('north', 'central', 'south')
    >>> capacity.run(capacity.Scenario.of(district, last_year=2030), draws=0)
    <Result scenario: 2025–2030>
    """
    path, problems = Path(path), Problems()
    inside = path.name == DISTRICT_FILE or path.suffix.lower() == ".xlsx"
    district = read_district(path.parent if inside and path.is_file() else path, problems)
    problems.raise_errors()
    assert district is not None
    return district


def result_from(source: Result | Scenario | str | Path) -> Result:
    """Return the result of a scenario, a scenario file or a run folder; a result as it is.

    Raises
    ------
    capacity.InputError
        A path is neither a run nor a sound scenario, or a run was altered since.
    """
    if isinstance(source, Result):
        return source
    if isinstance(source, Scenario):
        return run(source)
    path = Path(source)
    if path.is_dir() and is_run(path) and not is_comparison(path):
        return load_run(path)
    if path.is_dir() or not path.exists():
        problems = Problems()
        problems.error("compare-neither", At(str(path)))
        problems.raise_errors()
    return run(load_scenario(path))


def base_of(scenario: Scenario) -> Result | None:
    """Run the scenario that this one builds on, without draws, where it can stand alone."""
    if scenario.extends is None:
        return None
    try:
        return run(load_scenario(scenario.extends), draws=0)
    except InputError:
        return None


def refuse(scenario: Scenario, data: ModelData, prepared: Prepared) -> None:
    """Refuse levers whose effect cannot be, and draws for which there is no memory.

    An effect cannot be that is beyond the limits of tables, or takes places below 0.
    """
    supply = prepared.supply
    check_results(scenario, data, prepared)
    check_places(scenario, data.axes, np.minimum(supply.usable, supply.listed))
    check_draws(scenario, data.axes, prepared)


def with_chance(scenario: Scenario, draws: int | None, seed: int | None) -> Scenario:
    """Take draws and seed that were asked for in place of the scenario's own.

    Raises
    ------
    TypeError
        They are no whole numbers.
    ValueError
        They are beyond the limits of scenario files.
    """
    stated = {
        name: _whole(name, value, highest)
        for name, value, highest in (("draws", draws, MAX_DRAWS), ("seed", seed, MAX_SEED))
        if value is not None
    }
    return replace(scenario, chance=scenario.chance.model_copy(update=stated))


def _whole(name: str, value: object, highest: int, *, least: int = 0) -> int:
    """Take a whole number of Python or numpy; True and 2.0 are none."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number: {value!r}")
    number = int(value)
    if not least <= number <= highest:
        raise ValueError(f"{name} must be from {least} to {highest:,}: {value!r}")
    return number


def keep(
    scenario: Scenario,
    folder: Path,
    options: folders.Options,
    *,
    overwrite: bool = False,
    report: bool = False,
    workers: int | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> tuple[Result, str]:
    """Run a scenario into a run folder.

    Parameters
    ----------
    scenario
    folder
        A new or empty folder, one that holds this very run, or with ``overwrite`` any. Charts
        that this run has not yet, or has in another language, are drawn.
    options
        Language, and whether with charts.
    overwrite
        Whether another run may be replaced; files that no run wrote always stay, and what
        somebody has changed since stays beside what takes its place (``results.csv.changed``).
    report
        Whether ``report.html`` is written too; one that this run has already is always kept.
    workers
        Threads that draw; the cores by default.
    progress
        Told of each step.

    Returns
    -------
    result
    state : str
        ``written``; ``unchanged`` where the folder already held this run; ``redrawn`` where it
        did, and charts were added or drawn again in another language.

    Raises
    ------
    capacity.InputError
        As in `run`, or a file changed while it was being run.
    capacity.results.lock.FolderTakenError, capacity.results.lock.FolderInUseError
        The folder holds something else, a file that no run wrote would be replaced, or another
        run is writing there.
    OSError
        The disk is full, or may not be written to.
    """
    folders.claim(folder, RUN, identity(scenario), TABLES, overwrite=overwrite)  # before the work
    result = run(scenario, workers=workers)
    charts = [*charts_of_run(result), workbook_of_run(result)]
    found = read_manifest(folder)
    if report or (found is not None and REPORT in found["outputs"]):
        from capacity.studies.report.whole import report_of_run

        charts.append(report_of_run(result)._replace(always=report))
    kept = run_folder(result, charts)
    return result, folders.keep(kept, folder, options, overwrite=overwrite, progress=progress)
