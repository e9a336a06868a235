"""The one writer: drafted beside its place, put there whole, and nobody loses anything.

Of what stands there only that may go which a manifest lists and nobody has changed since.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from capacity.results.disk import (
    entries,
    exists,
    files_in,
    is_folder,
    is_plain,
    is_same,
    make_like,
    sha256_of_file,
    write_bytes,
)
from capacity.results.draft import MANIFEST, Workshop, workshop
from capacity.results.lock import FolderTakenError

#: Format of a run: only a manifest of its own format is believed.
RUN = "capacity.run/1"
#: Folder of charts: beside the report the only files that may be there before the same bytes are
#: written, because they can be drawn again; a copy of somebody's inputs stays theirs.
CHARTS = "charts"
#: The report of a run, which can be made again as well.
REPORT = "report.html"
#: Bytes of a manifest; a run of hundreds of regions has less than a hundredth.
MAX_MANIFEST = 16 * 2**20


def read_manifest(folder: Path, kind: str = RUN) -> dict[str, Any] | None:
    """Return the manifest of a folder; None where there is none, or none of its kind.

    What a link leads to is none of the folder's.
    """
    path = folder / MANIFEST
    try:
        if not is_plain(path) or path.lstat().st_size > MAX_MANIFEST:
            return None
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("format") != kind:
        return None
    return found if isinstance(found.get("outputs"), dict) else None


def intact(folder: Path, manifest: dict[str, Any]) -> set[str]:
    """Return the files that a manifest names and nobody has changed since: their hash still fits.

    What is not found by walking through the folder is none of its files, whatever its name.
    """
    outputs = manifest["outputs"]
    there = files_in(folder) & outputs.keys()
    return {name for name in there if sha256_of_file(folder / name) == outputs[name]}


@contextmanager
def atomic_dir(folder: Path, kind: str = RUN) -> Iterator[Path]:
    """Open a draft folder beside the final one, and put it in its place at the end.

    Only what a manifest of this kind lists, and nobody has changed, is replaced.

    Raises
    ------
    FolderInUseError
        Another process is writing there.
    FolderTakenError
        A file that no manifest lists stands where one would be written; nothing was changed.
    """
    with workshop(folder) as shop:
        shop.draft.mkdir()
        yield shop.draft
        put_folder(shop, kind)


def put_folder(shop: Workshop, kind: str) -> None:
    """Put a drafted folder in its place; see `atomic_dir`."""
    folder = shop.owner
    if not exists(folder):
        shop.put(folder, {})
        return
    found = read_manifest(folder, kind)
    ours = {MANIFEST, *found["outputs"]} if found else set()
    _refuse_foreign(folder, shop.draft, ours)
    gone = {name: found["outputs"][name] for name in intact(folder, found)} if found else {}
    gone |= {MANIFEST: sha256_of_file(folder / MANIFEST)} if found else {}
    shop.put(folder, gone)


def _refuse_foreign(folder: Path, draft: Path, ours: set[str]) -> None:
    """Refuse to write over files of others, before anything is changed."""
    for name in sorted(entries(draft)):
        target = folder / name
        above = [parent for parent in target.parents if parent.is_relative_to(folder)]
        if any(exists(parent) and not is_folder(parent) for parent in above):
            raise FolderTakenError("folders.file_in_the_way", folder, name)
        if not exists(target) or (name in ours and not is_folder(target)):
            continue
        again = name.startswith(f"{CHARTS}/") or name == REPORT
        if not (again and is_same(draft / name, target)):
            raise FolderTakenError("folders.foreign_file", folder, name)


def replace_file(path: Path, data: bytes, gone: str | None = None) -> None:
    """Write a file in the place of another, whole or not at all, with its mode.

    Parameters
    ----------
    path
        Where it is a link, what it leads to is written.
    data
    gone
        The SHA-256 of what may go; anything else that stands there stays beside it, under a
        name that ends in `capacity.results.disk.CHANGED`.
    """
    with workshop(path) as shop:
        write_bytes(shop.draft, data)
        if exists(shop.owner):
            make_like(shop.owner, shop.draft)
        shop.put(shop.owner, {} if gone is None else {"": gone})
