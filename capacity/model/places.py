"""Places of the stock and of projects, by cell: what stands, and what has opened how far."""

from __future__ import annotations

import numpy as np

from capacity.base.axes import Bools, Floats, Ints
from capacity.model.data import Projects, Stock


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


def open_share(opens: Floats, by_grade: Bools, years: Ints, span: Floats) -> Floats:
    """Share of its places that each project offers.

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


def opened(opens: Floats, years: Ints, levels: int) -> Floats:
    """Give 1 from the first autumn on: full size; ``(year, project, level, draw)``."""
    since = (years[:, None, None] >= opens)[:, :, None]
    return np.broadcast_to(since, (*since.shape[:2], levels, opens.shape[1])).astype(float)


def projects_by_cell(projects: Projects, share: Floats, factor: Floats) -> Floats:
    """Places of projects by cell.

    Parameters
    ----------
    projects
    share : (year, project, level, draw)
        From `open_share` or `opened`; 0 in a draw in which a project is not built.
    factor : (year, region, level, 1)
        Class size ÷ listed class size.

    Returns
    -------
    (year, region, level, draw)
    """
    places = np.zeros((*factor.shape[:3], share.shape[3]))
    for project, region in enumerate(projects.region):
        places[:, region] += share[:, project] * projects.places[project][:, None]
    return places * factor
