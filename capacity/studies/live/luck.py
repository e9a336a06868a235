"""The luck of a run's first draws, packed so that a page can carry it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capacity.base.exact import normal_quantile
from capacity.model.draws.carried import Carried, carried_luck
from capacity.model.draws.samples import Sampler

#: Draws that a page carries: a tenth of them still holds 25.
DRAWS = 256
#: Bytes of packed luck that a page carries at most; else it shows the central run alone.
MOST_BYTES = 2_000_000
#: Steps of a shock's rank among standard normal values.
_RANKS = 1 << 10


def luck_data(sampler: Sampler, seed: int, projects: Sequence[str]) -> dict[str, Any] | None:
    """Return the packed luck of the first `DRAWS` draws; None where it is too much for a page.

    Log shocks take a byte each, in steps of 1/127 of the greatest of their cell; factors two; of
    shocks of projects the rank of each among standard normal values is kept.

    Parameters
    ----------
    sampler, seed
        Of the run.
    projects
        Codes of the projects that the page may have.
    """
    axes = sampler.data.axes
    cells = (len(axes.horizon) - 1) * len(axes.area) * len(axes.grade)
    if not cells or cells * DRAWS > MOST_BYTES:
        return None
    luck = carried_luck(sampler, seed, DRAWS, projects)
    return {
        "draws": DRAWS,
        "logs": _packed(luck.logs, np.int8),
        "came": luck.came.reshape(-1).tolist(),
        "births": [_factors(one) for one in luck.births],
        "known": list(luck.known),
        "until": list(luck.until),
        "split": _factors(luck.split),
        "stock": _factors(luck.stock),
        "projects": _ranks(luck, projects),
    }


def _packed(values: NDArray[Any], kind: type[np.signedinteger[Any]]) -> dict[str, Any]:
    """Pack values ``(…, draw)`` as whole parts of a step; each row has a step of its own."""
    most = np.iinfo(kind).max
    steps = np.abs(values).max(axis=-1) / most
    whole = np.divide(
        values, steps[..., None], out=np.zeros(values.shape), where=steps[..., None] > 0
    )
    return {
        "shape": list(values.shape),
        "steps": [float(f"{step:.9g}") for step in steps.reshape(-1).tolist()],
        "bytes": _text(np.rint(whole).astype(kind)),
    }


def _factors(values: NDArray[Any] | None) -> dict[str, Any] | None:
    return None if values is None else _packed(values - 1.0, np.int16)


def _ranks(luck: Carried, projects: Sequence[str]) -> dict[str, Any] | None:
    if luck.projects is None:
        return None
    lines = np.array([normal_quantile(rank / _RANKS) for rank in range(1, _RANKS)])
    ranks = np.searchsorted(lines, luck.projects, side="right")
    return {"codes": list(projects), "of": _RANKS, "bytes": _text(ranks.astype(np.uint16))}


def _text(values: NDArray[Any]) -> str:
    little = values.astype(values.dtype.newbyteorder("<"))
    return b64encode(little.tobytes()).decode("ascii")


def unpacked(part: dict[str, Any], kind: type[np.signedinteger[Any]] = np.int16) -> NDArray[Any]:
    """Return what `luck_data` has packed: log shocks (``np.int8``), or factors less 1."""
    little = np.dtype(kind).newbyteorder("<")
    whole = np.frombuffer(b64decode(part["bytes"]), little).reshape(part["shape"])
    steps = np.array(part["steps"]).reshape(part["shape"][:-1])
    return np.asarray(whole * steps[..., None])


def shocks_of(part: dict[str, Any]) -> NDArray[Any]:
    """Return the packed shocks of projects, ``(late or unbuilt, project, draw)``."""
    ranks = np.frombuffer(b64decode(part["bytes"]), np.dtype(np.uint16).newbyteorder("<"))
    shape = (2, len(part["codes"]), DRAWS)
    shocks = np.array([normal_quantile((rank + 0.5) / _RANKS) for rank in range(_RANKS)])
    return np.asarray(shocks[ranks.reshape(shape)])
