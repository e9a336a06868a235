"""A lever as a scenario file states it: the way back from `capacity.inputs.levers.read`."""

from __future__ import annotations

import math
from typing import Any

from pydantic import BaseModel

from capacity.inputs.levers.kinds import OWN_KEYS
from capacity.inputs.levers.lever import Lever


def as_stated(lever: Lever) -> dict[str, Any]:
    """Return a lever as a scenario file states it; read again it is the same lever."""
    where = {key.rstrip("_"): of for key, of in vars(lever.where).items() if of is not None}
    found: dict[str, Any] = {"kind": lever.kind, "where": where} if where else {"kind": lever.kind}
    years = {"from": lever.from_, "until": lever.until}
    found |= {key: year for key, year in years.items() if year is not None}
    if lever.form is not None:
        found[lever.form] = getattr(lever, lever.form)
    if lever.replaces:
        found["replaces"] = True
    if lever.add_project is not None:
        cells = lever.add_project.items()
        found["add_project"] = {key: cell for key, cell in cells if not _is_empty(cell)}
    for key in OWN_KEYS:
        if isinstance(own := getattr(lever, key), BaseModel):
            found[key] = own.model_dump(exclude_none=True)
    return found


def _is_empty(cell: object) -> bool:
    return cell == "" or (isinstance(cell, float) and math.isnan(cell))
