"""What a run knows, as arrays: the district's tables and the scenario's levers.

Years stand on the axis `Axes.year` or, where said, on `Axes.horizon` (base year to last).
``nan`` is always unknown, never none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from capacity.base.axes import Arrays, Axes, Bools, Floats, Ints
from capacity.model.assumptions import BAND_IDLE, BAND_RED, BAND_YELLOW
from capacity.model.pools import Pools
from capacity.model.roll import Flow

NEVER = np.inf


@dataclass(frozen=True, eq=False)
class Stock(Arrays):
    """The places that stand: the latest row of each key of places.csv, in key order.

    Attributes
    ----------
    region, level : (row)
        Positions on their axes.
    places : (row)
        Places at the row's own class size.
    entry : (row)
        Places of its first grade; nan where not stated.
    class_size : (row)
        Pupils a class at which ``places`` counts: the row's own, else the level's.
    closes : (row)
        First autumn not in use, `NEVER` where none is stated.
    convertible : (row, level)
        Levels that its rooms may serve.
    sd : (row)
        Standard deviation of its places, as a share of them.
    assumed : (row)
        True where its quality is RED.
    school : tuple of str
        School of each row, "" where none is stated.
    """

    region: Ints
    level: Ints
    places: Floats
    entry: Floats
    class_size: Floats
    closes: Floats
    convertible: Bools
    sd: Floats
    assumed: Bools
    school: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Projects(Arrays):
    """The pipeline: a row per project, by code.

    Attributes
    ----------
    code, status : tuple of str
    region : (project)
        Position of its region.
    places : (project, level)
        Places at full size, at the level's listed class size.
    opens_listed : (project)
        First autumn in use, as listed.
    opens : (project)
        The same with delays.
    closes : (project)
        First autumn no longer in use, `NEVER` where none is stated; a delay does not move it.
    starts : (project)
        First autumn in which its works take places away, until it opens; `NEVER` where none.
    decant : (project, level)
        Places of the stock that its works take away.
    by_grade : (project)
        True: of a level's n grades k+1 are open k years after opening.
    completion : (project)
        Probability that it is built at all; draws only.
    """

    code: tuple[str, ...]
    status: tuple[str, ...]
    region: Ints
    places: Floats
    opens_listed: Floats
    opens: Floats
    closes: Floats
    starts: Floats
    decant: Floats
    by_grade: Bools
    completion: Floats

    def take(self, rows: Sequence[int] | Ints) -> Projects:
        """Return the projects at these positions, in this order."""
        taken: dict[str, Any] = {}
        for field in fields(self):
            part = getattr(self, field.name)
            taken[field.name] = (
                tuple(part[row] for row in rows) if isinstance(part, tuple) else part[list(rows)]
            )
        return Projects(**taken)

    def join(self, other: Projects) -> Projects:
        """Return both pipelines together, by code."""
        both: dict[str, Any] = {}
        for field in fields(self):
            one, two = getattr(self, field.name), getattr(other, field.name)
            both[field.name] = one + two if isinstance(one, tuple) else np.concatenate([one, two])
        codes = both["code"]
        return Projects(**both).take(sorted(range(len(codes)), key=codes.__getitem__))


@dataclass(frozen=True)
class Bands:
    """Lines of early warnings: shares of entry places from which 黄 and 红 hold, and of idleness.

    ``idle`` is the utilisation below which places stand idle.
    """

    yellow: float = BAND_YELLOW.value
    red: float = BAND_RED.value
    idle: float = BAND_IDLE.value


USUAL_BANDS = Bands()


@dataclass(frozen=True, eq=False)
class ModelData(Arrays):
    """A district at a base year.

    Attributes
    ----------
    axes
    weights
        Share of an entering cohort by births years before entry.
    pupils : (year, area, grade)
    sought : (year, area)
        Children registered for the first grade, where stated.
    split_sd : (region)
        Standard deviation of a region's share of the district's base-year pupils, as a share.
    split_assumed : (region)
        True where that share is RED.
    flagged : (year, area, grade)
        Counts kept out of calibration.
    births : (year, area)
        By births year; each area sees the series that applies to it.
    births_series : (area)
        Which series that is: areas with one number see the same; −1 where there is none.
    births_counted : (area)
        Position of the last year whose births are counted, not projected; −1 where none is.
    children : (year, area)
        Children of the cohort that enters in a year.
    given : (horizon, area, grade)
        Ratios stated in ratios.csv; at the first grade per lagged birth.
    given_per_child : (horizon, area)
        Ratio into the first grade stated per child.
    later_per_birth, later_per_child : (horizon, area, grade)
        Ratio into a later grade stated per birth, or per child, of its cohort: the grade below
        does not feed it. nan elsewhere.
    given_sd : (horizon, area, grade)
        Standard deviation of a year that is stated with a ratio, as a share of it.
    homes : (year, region)
    per_home : (years since completion, area, grade)
        Pupils of the level to which an area's pupils of a grade belong.
    shares : (flow)
        Share of the leavers that each row of the flows states.
    flows
        One for each level that has any.
    onward : (level)
        Stated share of the leavers who go on; nan where not stated.
    class_size : (level)
    stock
    stated : (region, level)
        Cells for which places.csv has rows.
    stock_then : (year, region, level)
        Existing places as they were known in each year up to the base year.
    projects
        Every project, whatever its status.
    pools
        Sets of regions in which a spare place serves all.
    neighbours
        By position of a level: pairs of positions of regions.
    bands
        Where early warnings begin.
    """

    axes: Axes
    weights: Mapping[int, float]
    pupils: Floats
    sought: Floats
    split_sd: Floats
    split_assumed: Bools
    flagged: Bools
    births: Floats
    births_series: Ints
    births_counted: Ints
    children: Floats
    given: Floats
    given_per_child: Floats
    later_per_birth: Floats
    later_per_child: Floats
    given_sd: Floats
    homes: Floats
    per_home: Floats
    shares: Floats
    flows: tuple[Flow, ...]
    onward: Floats
    class_size: Floats
    stock: Stock
    stated: Bools
    stock_then: Floats
    projects: Projects
    pools: Pools
    neighbours: Mapping[int, tuple[tuple[int, int], ...]]
    bands: Bands = USUAL_BANDS


#: Axes of every variable that levers set, add to or multiply; ``year`` is the horizon except
#: for births (births years) and housing (years of completion).
VARIABLES: dict[str, tuple[str, ...]] = {
    "births": ("year", "area"),
    "entry": ("horizon", "area"),
    "onward_share": ("horizon", "area", "level"),
    "progression": ("horizon", "area", "grade"),
    "migration": ("horizon", "area", "grade"),
    "flows": ("horizon", "flow"),
    "housing": ("year", "region"),
    "class_size": ("horizon", "region", "level"),
    "places": ("horizon", "region", "level"),
    "add_places": ("horizon", "region", "level"),
    "margin": ("horizon", "region", "level"),
}


@dataclass(frozen=True)
class Adjustment:
    """A lever on one variable.

    Attributes
    ----------
    lever
        Its number in the scenario, from 1.
    form, value
        ``set``, ``add`` or ``times``, and by what.
    chosen : one mask per axis of the variable
    among : one array over all axes but the first, optional
        The cells of these that it acts on; all of them by default.
    """

    lever: int
    form: str
    value: float
    chosen: tuple[Bools, ...]
    among: Bools | None = None


@dataclass(frozen=True)
class ProjectAdjustment:
    """A lever on the pipeline: ``cancel``, ``delay``, ``completion`` or ``add_project``.

    Attributes
    ----------
    lever, kind, form, value
    codes, statuses
        Chosen projects and statuses; ``None`` chooses all.
    regions : (region)
    added
        The project of ``add_project``, a pipeline of one row.
    """

    lever: int
    kind: str
    form: str = ""
    value: float = 0.0
    codes: tuple[str, ...] | None = None
    statuses: tuple[str, ...] | None = None
    regions: Bools | None = None
    added: Projects | None = None


@dataclass(frozen=True)
class Closure:
    """A lever that closes places of a cell, or a school there, in the chosen years."""

    lever: int
    years: Bools
    region: int
    level: int
    places: float
    school: str


@dataclass(frozen=True)
class Conversion:
    """A lever that turns places of one level into rooms of another, counted at the source."""

    lever: int
    years: Bools
    region: int
    source: int
    target: int
    places: float


@dataclass(frozen=True)
class Rezoning:
    """A lever that sends a share of a region's entrants of a level to another region."""

    lever: int
    years: Bools
    source: int
    target: int
    level: int
    share: float


@dataclass(frozen=True)
class Adjustments:
    """All levers of a scenario, each on its own variable.

    Levers are layered: the order of a file matters inside one variable, and on the stock among
    ``places`` and ``class_size``, which act on it as they are numbered. Places added are as many
    as they say, whatever becomes of class sizes.
    """

    values: Mapping[str, tuple[Adjustment, ...]]
    projects: tuple[ProjectAdjustment, ...] = ()
    closures: tuple[Closure, ...] = ()
    conversions: tuple[Conversion, ...] = ()
    rezonings: tuple[Rezoning, ...] = ()
