"""The supply side of a run: stock, pipeline and measures under the scenario's levers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats, Ints
from capacity.base.settings import Supply as SupplySettings
from capacity.model.assumptions import CONSTRAINED_FROM
from capacity.model.balance import Lenders
from capacity.model.data import Adjustments, ModelData, Projects, Stock
from capacity.model.levers import ProjectStep, Step, adjust, adjust_projects
from capacity.model.roll import by_level


@dataclass(frozen=True, eq=False)
class Supply(Arrays):
    """Places of a run, in the parts that make them up.

    Years are the horizon; a draw axis has length 1 as prepared, and more once drawn. A cell
    without rows in places.csv is nan: unknown, never 0.

    Attributes
    ----------
    stock : (horizon, region, level, draw)
        Existing places in use, at the class size in force.
    opening : (horizon, region, level, draw)
        Places that projects offer that autumn, less those that their works take away: a new
        school fills a grade a year.
    opened : (horizon, region, level, draw)
        Full size of the projects that have opened and not closed.
    altered : (horizon, region, level, draw)
        Measures, less closures and conversions by levers; signed.
    class_size : (horizon, region, level, draw)
        Pupils a class, levers applied.
    row_size : (horizon, row)
        The same of each row of the stock, by its own size.
    scale : (horizon, region, level, draw)
        The same ÷ the listed class size, at which projects state their places.
    by_grade : (horizon, region, level, grade of the level, draw)
        Usable places by grade, 0 beyond the last grade of a level.
    entry_more : (horizon, region, level, draw)
        Places of first grades as stated, beyond an even share of full size; signed.
    margin : (horizon, region, level, draw)
        Share of places that is kept free, levers applied.
    lenders
        Rooms that may serve another level.
    projects
        The pipeline as it counts: levers applied, uncounted statuses left out.
    steps, project_steps
        What each lever changed.
    """

    stock: Floats
    opening: Floats
    opened: Floats
    altered: Floats
    class_size: Floats
    row_size: Floats
    scale: Floats
    by_grade: Floats
    entry_more: Floats
    margin: Floats
    lenders: Lenders
    projects: Projects
    steps: tuple[Step, ...]
    project_steps: tuple[ProjectStep, ...]

    @property
    def usable(self) -> Floats:
        """Places usable that autumn, ``(horizon, region, level, draw)``."""
        return self.stock + self.opening + self.altered

    @property
    def listed(self) -> Floats:
        """Full size of all that has opened, less closures, ``(horizon, region, level, draw)``."""
        return self.stock + self.opened + self.altered


def prepare_supply(data: ModelData, settings: SupplySettings, adjustments: Adjustments) -> Supply:
    """Work out the places of every year, levers applied."""
    axes, by = data.axes, adjustments.values
    years = np.array(axes.horizon.labels)
    there = _levered(data, adjustments)
    class_size = there.class_size
    measures, measure_steps = adjust(
        "add_places", np.zeros_like(class_size), by.get("add_places", ())
    )
    projects, project_steps = adjust_projects(data.projects, adjustments.projects)
    projects = counted(projects, settings)
    scale = (class_size / data.class_size)[..., None]
    opening, opened = project_places(projects, years, axes.span, scale)
    altered = (measures + _altered(adjustments, class_size))[..., None]
    margin, margin_steps = adjust(
        "margin", np.full_like(class_size, settings.margin), by.get("margin", ())
    )
    even = there.stock[..., None] + altered
    return Supply(
        stock=there.stock[..., None],
        opening=opening,
        opened=opened,
        altered=altered,
        class_size=class_size[..., None],
        row_size=there.row_size,
        scale=scale,
        by_grade=_by_grade(even, axes.span) + projects_by_grade(projects, years, axes.span, scale),
        entry_more=_entry_more(data, there.rows)[..., None],
        margin=margin[..., None],
        lenders=_lenders(data, there.rows),
        projects=projects,
        steps=(*there.steps, *measure_steps, *margin_steps),
        project_steps=tuple(project_steps),
    )


def counted(projects: Projects, settings: SupplySettings) -> Projects:
    """Leave out projects whose status does not count, and fill all alike where so stated."""
    rows = [row for row, status in enumerate(projects.status) if status in settings.count]
    chosen = projects.take(rows)
    if settings.fill == "as_listed":
        return chosen
    return replace(chosen, by_grade=np.full(len(rows), settings.fill == "by_grade"))


def constrained(data: ModelData, settings: SupplySettings, window: int) -> Bools:
    """Mark cells that stood full in the base year or a calibration year, ``(region, level)``.

    Enrolment is who was admitted: where places bound it, demand is a lower bound. ``window`` is
    the number of calibration years. Listed data count, levers do not.
    """
    axes = data.axes
    projects = counted(data.projects, settings)
    years = np.array(axes.year.labels)
    as_listed = np.ones((len(years), len(axes.region), len(axes.level), 1))
    opening, _ = project_places(projects, years, axes.span, as_listed)
    there = data.stock_then + opening[..., 0]
    pupils = by_level(np.nan_to_num(data.pupils)[..., None], axes)[..., 0]
    full: Bools = (pupils > 0) & (pupils >= CONSTRAINED_FROM.value * there)  # nan: never full
    return np.asarray(full[list(axes.window(window))].any(axis=0))


def standing(stock: Stock, years: Ints, factor: Floats, shut: Bools) -> Floats:
    """Places of every row of the stock that is in use.

    Parameters
    ----------
    stock
    years : (year)
        Autumns.
    factor : (year, row)
        Class size ÷ the class size at which the row counts.
    shut : (year, row)
        Rows closed by a lever.

    Returns
    -------
    (year, row)
    """
    in_use = (years[:, None] < stock.closes) & ~shut
    return np.where(in_use, stock.places * factor, 0.0)


def stock_by_cell(rows: Floats, stock: Stock, stated: Bools) -> Floats:
    """Add the rows of the stock up by cell.

    Parameters
    ----------
    rows : (year, row)
    stock
    stated : (region, level)
        Cells for which places.csv has rows; the others are unknown, never 0.

    Returns
    -------
    (year, region, level)
    """
    places = np.zeros((len(rows), *stated.shape))
    for row, (region, level) in enumerate(zip(stock.region, stock.level, strict=True)):
        places[:, region, level] += rows[:, row]
    return np.where(stated, places, np.nan)


def project_places(
    projects: Projects, years: Ints, span: Floats, factor: Floats
) -> tuple[Floats, Floats]:
    """Places of projects by cell: usable, less what their works take away, and in full.

    Parameters
    ----------
    projects
    years : (year)
    span : (level)
        Number of grades.
    factor : (year, region, level, 1)
        Class size ÷ listed class size.

    Returns
    -------
    usable, full : (year, region, level, 1)
    """
    filling, full, taken = project_shares(projects, projects.opens[:, None], years, span)
    usable = projects_by_cell(projects.region, projects.places, filling, factor)
    usable -= projects_by_cell(projects.region, projects.decant, taken, factor)
    return usable, projects_by_cell(projects.region, projects.places, full, factor)


def projects_by_grade(projects: Projects, years: Ints, span: Floats, factor: Floats) -> Floats:
    """Usable places of projects by grade of each level, less what their works take away.

    Of a school that fills by grade the lowest grades are open, each with its even share of the
    full size; works take evenly of all grades.

    Parameters
    ----------
    projects, years, span, factor
        As in `project_places`.

    Returns
    -------
    (year, region, level, grade of the level, 1)
    """
    most, opens = int(span.max()), projects.opens[:, None]
    places = np.zeros((*factor.shape[:3], most, 1))
    _, full, taken = project_shares(projects, opens, years, span)
    since = years[:, None, None] - opens
    for grade in range(most):
        reached = (since >= grade)[:, :, None] | ~projects.by_grade[:, None, None]
        part = projects_by_cell(projects.region, projects.places, full * reached, factor)
        part -= projects_by_cell(projects.region, projects.decant, taken, factor)
        places[:, :, :, grade] = np.where(grade < span[:, None], part / span[:, None], 0.0)
    return places


def _by_grade(places: Floats, span: Floats) -> Floats:
    """Spread places ``(…, level, draw)`` evenly over the grades of each level."""
    within = np.arange(int(span.max())) < span[:, None]
    share = np.where(within, 1.0 / span[:, None], 0.0)[..., None]
    return np.asarray(np.where(share > 0, places[..., None, :] * share, 0.0))


def project_shares(
    projects: Projects, opens: Floats, years: Ints, span: Floats
) -> tuple[Floats, Floats, Floats]:
    """Shares of places by project: offered that autumn, in full, and taken away by its works.

    Works take from `starts` until the project opens, however late that is.

    Parameters
    ----------
    projects
    opens : (project, draw)
        First autumn in use, delays included.
    years : (year)
    span : (level)

    Returns
    -------
    filling, full, taken : (year, project, level, draw)
    """
    when = years[:, None, None]
    standing = (when < projects.closes[:, None])[:, :, None].astype(float)
    filling = open_share(opens, projects.by_grade, years, span)
    full = np.broadcast_to((when >= opens)[:, :, None], filling.shape)
    works = (when >= projects.starts[:, None]) & (when < opens)
    taken = np.broadcast_to(works[:, :, None], filling.shape)
    return filling * standing, full * standing, taken.astype(float)


def open_share(opens: Floats, by_grade: Bools, years: Ints, span: Floats) -> Floats:
    """Share of its places that each project offers from its opening on.

    Parameters
    ----------
    opens : (project, draw)
        First autumn in use, delays included.
    by_grade : (project)
        Projects that open their first grade and fill a grade a year.
    years : (year)
        Autumns.
    span : (level)
        Number of grades.

    Returns
    -------
    (year, project, level, draw)
        0 before it opens; filling by grade, ``min(k + 1, n) ÷ n`` k years after; else 1.
    """
    since = (years[:, None, None] - opens)[:, :, None] + 1.0
    filling = np.clip(since / span[:, None], 0.0, 1.0)
    return np.where(by_grade[:, None, None], filling, (since > 0).astype(float))


def projects_by_cell(regions: Ints, sizes: Floats, share: Floats, factor: Floats) -> Floats:
    """Add shares of the places of projects up by cell.

    Parameters
    ----------
    regions : (project)
        Position of its region.
    sizes : (project, level)
        Places at the listed class size.
    share : (year, project, level, draw)
        From `project_shares`.
    factor : (year, region, level, 1)
        Class size ÷ listed class size.

    Returns
    -------
    (year, region, level, draw)
    """
    places = np.zeros((*factor.shape[:3], share.shape[3]))
    for project, region in enumerate(regions):
        places[:, region] += share[:, project] * sizes[project][:, None]
    return places * factor


@dataclass(frozen=True, eq=False)
class _Levered:
    """The stock under levers: ``(horizon, row)`` of rows and row sizes, else by cell."""

    class_size: Floats
    row_size: Floats
    rows: Floats
    stock: Floats
    steps: tuple[Step, ...]


def _levered(data: ModelData, adjustments: Adjustments) -> _Levered:
    """Let levers on class sizes and on places act on the stock, in the order of the file.

    A class size scales what stands when it acts, rows each by their own size; what a lever on
    places has made of a cell is scaled as its rows are, or where it has none by the level's size.
    """
    stock, by = data.stock, adjustments.values
    years = np.array(data.axes.horizon.labels)
    class_size = np.broadcast_to(data.class_size, (len(years), *data.stated.shape))
    row_size = np.broadcast_to(stock.class_size, (len(years), len(stock.class_size)))
    shut, steps = shut_rows(data, adjustments), list[Step]()
    rows = standing(stock, years, row_size / stock.class_size, shut)
    cells = stock_by_cell(rows, stock, data.stated)
    altered = np.zeros(cells.shape, dtype=bool)
    named = [(kind, change) for kind in ("class_size", "places") for change in by.get(kind, ())]
    for kind, change in sorted(named, key=lambda one: one[1].lever):
        if kind == "places":
            cells, done = adjust(kind, cells, [change])
            altered[np.ix_(*change.chosen)] = True
        else:
            chosen, regions, levels = change.chosen
            of_rows = replace(change, chosen=(chosen, regions[stock.region] & levels[stock.level]))
            before, size = stock_by_cell(rows, stock, data.stated), class_size
            class_size, done = adjust(kind, class_size, [change])
            row_size, _ = adjust(kind, row_size, [of_rows])
            rows = standing(stock, years, row_size / stock.class_size, shut)
            after = stock_by_cell(rows, stock, data.stated)
            scale = np.divide(after, before, out=class_size / size, where=before > 0)
            cells = np.where(altered, cells * scale, after)
        steps += done
    return _Levered(class_size, row_size, rows, cells, tuple(steps))


def shut_rows(data: ModelData, adjustments: Adjustments) -> Bools:
    """Rows of schools that a lever closes, ``(horizon, row)``."""
    stock = data.stock
    shut = np.zeros((len(data.axes.horizon), len(stock.places)), dtype=bool)
    for closure in adjustments.closures:
        if closure.school:
            named = np.array([school == closure.school for school in stock.school], dtype=bool)
            named &= (stock.region == closure.region) & (stock.level == closure.level)
            shut |= closure.years[:, None] & named
    return shut


def _altered(adjustments: Adjustments, class_size: Floats) -> Floats:
    """Places closed and converted by levers, signed, ``(horizon, region, level)``."""
    altered = np.zeros_like(class_size)
    for closure in adjustments.closures:
        altered[closure.years, closure.region, closure.level] -= closure.places
    for turn in adjustments.conversions:
        here = (turn.years, turn.region)
        rooms = turn.places / class_size[(*here, turn.source)]
        altered[(*here, turn.source)] -= turn.places
        altered[(*here, turn.target)] += rooms * class_size[(*here, turn.target)]
    return altered


def _entry_more(data: ModelData, rows: Floats) -> Floats:
    """Stated places of first grades beyond an even share of their rows ``(horizon, row)``.

    They change as the places of their row do: by class size, and as it closes.
    """
    stock, more = data.stock, np.zeros((len(rows), *data.stated.shape))
    for row in np.flatnonzero(~np.isnan(stock.entry)).tolist():
        region, level = stock.region[row], stock.level[row]
        scale = rows[:, row] / stock.places[row] if stock.places[row] > 0 else 1.0
        even = rows[:, row] / data.axes.span[level]
        more[:, region, level] += stock.entry[row] * scale - even
    return more


def entry_places(listed: Floats, more: Floats, span: Floats) -> Floats:
    """Places of first grades: full size ÷ grades, and what is stated beyond that.

    Parameters
    ----------
    listed, more : (year, region, level, draw)
    span : (level)
        Number of grades.
    """
    even: Floats = listed / span[:, None]
    return np.maximum(even + more, 0.0) if more.any() else even


def _lenders(data: ModelData, rows: Floats) -> Lenders:
    stock = data.stock
    lending = np.flatnonzero(stock.convertible.any(axis=1))
    return Lenders(
        region=stock.region[lending],
        level=stock.level[lending],
        convertible=stock.convertible[lending],
        places=rows[:, lending, None],
    )
