"""What can be asked of a district only once the base year is known."""

from __future__ import annotations

from capacity.errors import At, Problems
from capacity.inputs.district import District


def check_base(
    district: District, base_year: int, problems: Problems, *, at: At | None = None
) -> None:
    """Check that the district's tables carry a forecast from ``base_year``."""
