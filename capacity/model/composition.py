"""What the places of a run are made of: the stock, projects by status, and measures."""

from __future__ import annotations

import numpy as np

from capacity.base.axes import Axes, Floats
from capacity.model import places
from capacity.model.data import Projects
from capacity.model.levers import take
from capacity.model.supply import Supply
from capacity.model.totals import sum_members

#: Places that stand without any project; what levers add, close and convert, signed.
EXISTING, MEASURES = "existing", "measures"


def composition(supply: Supply, axes: Axes) -> dict[str, tuple[Floats, Floats]]:
    """Split the places of a run by what they come from.

    Parameters
    ----------
    supply
        As prepared: the central run.
    axes

    Returns
    -------
    dict
        Usable and listed places, each ``(horizon, region, level, draw)``, by part: `EXISTING`,
        each status of a counted project, `MEASURES`. The parts add up to the places of the run;
        existing places are nan where they are unknown.
    """
    parts = {EXISTING: (supply.stock, supply.stock)}
    for status in dict.fromkeys(supply.projects.status):
        rows = [row for row, found in enumerate(supply.projects.status) if found == status]
        parts[status] = _of_projects(take(supply.projects, rows), supply, axes)
    parts[MEASURES] = (supply.altered, supply.altered)
    return parts


def composition_rows(supply: Supply, axes: Axes) -> dict[str, tuple[Floats, Floats]]:
    """Sum the parts of `composition` to region rows."""
    return {
        part: (sum_members(usable, axes.members), sum_members(listed, axes.members))
        for part, (usable, listed) in composition(supply, axes).items()
    }


def _of_projects(projects: Projects, supply: Supply, axes: Axes) -> tuple[Floats, Floats]:
    years, opens = np.array(axes.horizon.labels), projects.opens[:, None]
    filling = places.open_share(opens, projects.by_grade, years, axes.span)
    full = places.opened(opens, years, len(axes.level))
    return (
        places.projects_by_cell(projects, filling, supply.scale),
        places.projects_by_cell(projects, full, supply.scale),
    )
