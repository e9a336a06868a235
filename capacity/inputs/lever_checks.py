"""What levers must keep to in a district, and among themselves."""

from __future__ import annotations

from collections.abc import Sequence

from capacity.errors import Problems
from capacity.inputs.district import District
from capacity.inputs.levers import Lever
from capacity.inputs.scenario_file import Horizon


def check_levers(
    levers: Sequence[Lever], district: District, horizon: Horizon, problems: Problems
) -> None:
    """Check every lever against the district and the levers before it."""
