"""All that differs in the inputs of two scenarios, in the order in which a planner asks."""

from __future__ import annotations

from dataclasses import asdict, fields

import pandas as pd

from capacity.inputs.diff.changed import Changed
from capacity.inputs.diff.changed_levers import changed_levers, lever_changes
from capacity.inputs.diff.changed_settings import changed_district, changed_settings
from capacity.inputs.diff.changed_tables import changed_tables
from capacity.inputs.scenarios.scenario import Scenario


def changed_inputs(a: Scenario, b: Scenario) -> tuple[Changed, ...]:
    """Name every lever, setting, key of district.yaml and cell of a table that differs.

    Names, titles and questions of the scenarios do not count, nor does the order of rows.
    """
    return (
        *changed_levers(lever_changes(a.levers, b.levers)),
        *changed_settings(a, b),
        *changed_district(a.district, b.district),
        *changed_tables(a.district, b.district),
    )


def inputs_frame(changes: tuple[Changed, ...]) -> pd.DataFrame:
    """Give changes as rows: what, table, change, key, column, a, b, at."""
    columns = [field.name for field in fields(Changed)]
    return pd.DataFrame([asdict(change) for change in changes], columns=columns, dtype="str")
