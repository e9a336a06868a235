"""The folder that an import writes: the district, a first scenario, the map and the record."""

from __future__ import annotations

from pathlib import Path

from capacity.base.words import word
from capacity.inputs.districts.district import DISTRICT_FILE
from capacity.inputs.importing.assemble import district_text
from capacity.inputs.importing.imported import Imported
from capacity.inputs.importing.mapfile import FORMAT, scalar
from capacity.results.atomic import replace_file
from capacity.results.disk import make_folders, sha256_of_file
from capacity.results.folder import Kept
from capacity.results.identity import sha256_of

IMPORT = FORMAT
BASELINE = "baseline.yaml"
#: Table of what was changed, summed and left out.
RECORD = "import"
#: Years that the first scenario looks ahead.
AHEAD = 10


def imported_folder(found: Imported) -> Kept:
    """Return what is kept of a complete import."""
    texts = {DISTRICT_FILE: district_text(found.map)}
    if "enrolment" in found.tables:
        texts[BASELINE] = scenario_text(found)
    files = {path.name: sha256_of_file(path) for path in found.files}
    return Kept(
        kind=IMPORT,
        identity=sha256_of(map=found.map.model_dump(by_alias=True, mode="json"), files=files),
        tables={**found.tables, RECORD: found.changes_frame()},
        facts={"district": found.map.district.name, "files": files},
        texts=texts,
    )


def scenario_text(found: Imported) -> str:
    """Return the text of a first scenario, from the last whole year of pupils on."""
    base = int(found.tables["enrolment"]["year"].max())
    lines = [f"name: {scalar(_file_name(found.map.district.name))}"]
    for key in ("title", "question"):
        said = {lang: word(f"importing.{key}", lang) for lang in ("en", "zh")}
        lines.append(f"{key}: {{en: {scalar(said['en'])}, zh: {scalar(said['zh'])}}}")
    lines += ["district: .", f"horizon: {{base_year: {base}, last_year: {base + AHEAD}}}"]
    return "\n".join(lines) + "\n"


def _file_name(name: str) -> str:
    """Return a name that may be that of a folder."""
    plain = "".join(mark if mark.isalnum() or mark in "-_" else "-" for mark in name).strip("-")
    return f"{plain or 'district'}-baseline"


def write_map(found: Imported, path: Path, lang: str) -> bool:
    """Write ``import.yaml``, and return whether it is another than before.

    What stood there, and somebody may have changed, stays beside it.
    """
    text = found.map_text(lang).encode()
    if path.exists() and path.read_bytes() == text:
        return False
    make_folders(path.parent)
    replace_file(path, text)
    return True
