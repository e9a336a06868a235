"""Counts that jump from one year to the next as no cohort does: a digit too many or too few."""

from __future__ import annotations

import pandas as pd

from capacity.base.errors import At, Problems
from capacity.inputs.districts.district import District

#: A cohort that grows or shrinks so many times in a year looks like a slip of the pen (a digit
#: too many makes ten times), and so few heads jump for other reasons.
TIMES = 5.0
HEADS = 50.0
#: Jumps named one by one.
_LISTED = 10


def check_jumps(district: District, base_year: int, problems: Problems) -> None:
    """Warn of cohorts, and of births, that jump by `TIMES` and more."""
    if district.sure("enrolment") and district.has("enrolment"):
        _cohorts(district.table("enrolment"), base_year, problems)
    if district.sure("births") and district.has("births"):
        _births(district.table("births"), problems)


def _cohorts(enrolment: pd.DataFrame, base_year: int, problems: Problems) -> None:
    now = enrolment[enrolment["year"] <= base_year]
    before = now[["year", "region", "group", "grade", "pupils"]].copy()
    before["year"] += 1
    before["grade"] += 1
    keys = ["year", "region", "group", "grade"]
    both = now.merge(before, on=keys, suffixes=("", "_before"))
    for row in _jumps(both, "pupils").to_dict("records"):
        problems.warning(
            "cohort-jump",
            At(str(row["file"]), int(row["line"]), 1),
            region=f"{row['region']} {row['group']}".strip(),
            grade=row["grade"],
            lower=row["grade"] - 1,
            pupils=row["pupils"],
            before=row["pupils_before"],
            times=row["pupils"] / row["pupils_before"],
        )


def _births(births: pd.DataFrame, problems: Problems) -> None:
    before = births[["year", "region", "group", "births"]].copy()
    before["year"] += 1
    both = births.merge(before, on=["year", "region", "group"], suffixes=("", "_before"))
    for row in _jumps(both, "births").to_dict("records"):
        problems.warning(
            "births-jump",
            At(str(row["file"]), int(row["line"]), 1),
            region=f"{row['region']} {row['group']}".strip(),
            births=row["births"],
            before=row["births_before"],
            times=row["births"] / row["births_before"],
        )


def _jumps(both: pd.DataFrame, name: str) -> pd.DataFrame:
    """Give the first rows whose count is many times that of the year before, or a small part."""
    now, before = both[name], both[f"{name}_before"]
    large = (now.clip(lower=before) >= HEADS) & (now > 0) & (before > 0)
    return both[large & ((now >= TIMES * before) | (before >= TIMES * now))].head(_LISTED)
