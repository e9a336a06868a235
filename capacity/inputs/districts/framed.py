"""What the files of a district would hold that was given as frames."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity.inputs.districts.outlines import OUTLINES_FILE
from capacity.inputs.documents.yaml import yaml_text
from capacity.inputs.tables.files import InputFile

if TYPE_CHECKING:
    import pandas as pd


def texts_of(
    file: str, stated: Mapping[Any, object], frames: Mapping[str, pd.DataFrame], outlines: object
) -> dict[str, str]:
    """Return the texts of a district's files by their names.

    Parameters
    ----------
    file
        The name of the one that holds what is ``stated``.
    stated
    frames
        By table.
    outlines
        As GeoJSON; None where there are none.
    """
    found = {file: yaml_text(stated)}
    for name, frame in frames.items():
        found[f"{name}.csv"] = frame.to_csv(index=False, lineterminator="\n")
    if outlines is not None:
        found[OUTLINES_FILE] = json.dumps(outlines, ensure_ascii=False)
    return found


def records_of(
    folder: Path, texts: Mapping[str, str], frames: Mapping[str, pd.DataFrame]
) -> tuple[InputFile, ...]:
    """Return files as they would have been read."""
    rows = {f"{name}.csv": len(frame) for name, frame in frames.items()}
    bytes_of = {name: text.encode() for name, text in texts.items()}
    return tuple(
        InputFile(
            folder / name, name, sha256(data).hexdigest(), len(data), "utf-8", rows.get(name, 0)
        )
        for name, data in bytes_of.items()
    )
