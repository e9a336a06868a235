"""Labels of a district without a scenario: names and provenance, for studies of its past."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from capacity.base.fields import Fixed
from capacity.model.assumptions import BAND_RED, BAND_YELLOW
from capacity.results import assumptions
from capacity.results.build import level_labels, region_labels
from capacity.results.labels import Labels

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District


def district_labels(
    district: District, base_year: int, tables: Sequence[str], identity: str
) -> Labels:
    """Give names and provenance of what a study reads of a district.

    Parameters
    ----------
    district
    base_year
        The last year of pupils that is read.
    tables
        Names of the tables that are read.
    identity
        SHA-256 of all that decides the numbers.
    """
    title = Fixed(district.title.model_dump())
    return Labels(
        scenario=district.name,
        title=title,
        question=Fixed(),
        regions=region_labels(district),
        levels=level_labels(district),
        district=title,
        base_year=base_year,
        bands=(BAND_YELLOW.value, BAND_RED.value),
        sources=assumptions.sources(district, tables),
        quality=assumptions.worst_quality(district, tables),
        split_assumed=assumptions.split_assumed(district, base_year),
        run_id=identity[:8],
    )
