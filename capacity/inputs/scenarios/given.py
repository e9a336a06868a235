"""A folder that is given in place of a scenario file: the command that was probably meant."""

from __future__ import annotations

import re
from pathlib import Path

from capacity.base.errors import At, Problems, phrase
from capacity.inputs.districts.district import DISTRICT_FILE
from capacity.inputs.tables.files import is_file

#: What a scenario file states, and an import.yaml does not.
_SCENARIO = re.compile(r"^(?:district|extends):[ \t]*\S", re.MULTILINE)


def refuse_folder(path: Path, problems: Problems) -> None:
    """Refuse a folder in place of a scenario file, with the command for one that lies in it."""
    if not is_file(path / DISTRICT_FILE):
        problems.error("folder-without", At(str(path)), folder=path)
        return
    inside = sorted({*path.glob("*.yaml"), *path.glob("*.yml")} - {path / DISTRICT_FILE})
    files = [file for file in inside if _SCENARIO.search(_beginning(file))]
    files.sort(key=lambda file: file.stem != "baseline")
    said = phrase("facts.run_inside", path=files[0]) if files else phrase("facts.write_scenario")
    problems.error("scenario-folder", At(str(path)), advice=said)


def _beginning(file: Path) -> str:
    try:
        with file.open(encoding="utf-8", errors="replace") as opened:
            return opened.read(10_000)
    except OSError:
        return ""
