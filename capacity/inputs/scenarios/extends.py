"""A scenario file and those it extends, merged into one document that remembers its files."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from capacity.base.errors import At, Problems, nearest
from capacity.inputs.documents.yaml import Document, read_yaml
from capacity.inputs.tables.files import InputFile, is_within

#: Keys of a file's own, not taken from the file it extends.
OWN = ("name", "title", "question", "extends")


@dataclass(frozen=True)
class Chain:
    """A scenario file with all that it extends.

    Attributes
    ----------
    document : Document
        The merged keys, each with its place in the file that states it.
    files : tuple of InputFile
        The files, the one asked for first.
    paths : dict of str to path
        The file that a place's file name means.
    """

    document: Document
    files: tuple[InputFile, ...]
    paths: dict[str, Path]


def read_chain(path: Path, problems: Problems) -> Chain | None:
    """Read a scenario file and those it extends; None where the file itself cannot be read."""
    documents: list[Document] = []
    files: list[InputFile] = []
    paths: dict[str, Path] = {}
    here: Path | None = path
    while here is not None:
        name = here.relative_to(path.parent).as_posix()
        document, record = read_yaml(here, problems, name)
        files += [record] if record else []
        if document is None:
            break
        documents.append(document)
        paths[str(here)] = here
        here = _extended(document, paths, problems)
    if not documents:
        return None
    merged = documents[-1]
    for over in reversed(documents[:-1]):
        merged = merge(merged, over)
    if "extends" in documents[-1].data:  # that file is not read: missing keys may stand there
        merged = replace(merged, mark=replace(merged.mark, partial=True))
    return Chain(merged, tuple(files), paths)


def _extended(document: Document, paths: dict[str, Path], problems: Problems) -> Path | None:
    """Return the file that the last file read extends, if it is a good one."""
    here, stated = list(paths.values())[-1], document.data.get("extends")
    if not isinstance(stated, str):
        return None
    at = document.at(("extends",))
    found = inside(here.parent, stated, at, problems)
    if found is not None and found.resolve() in {known.resolve() for known in paths.values()}:
        way = " → ".join(part.name for part in (*paths.values(), found))
        problems.error("extends-cycle", at, way=way)
        return None
    return found


def inside(folder: Path, stated: str, at: At, problems: Problems) -> Path | None:
    """Return the path that a file states, if it leads to something inside the file's own folder."""
    parts = re.split(r"[/\\]", stated)
    path = folder.joinpath(*parts)
    if re.match(r"[A-Za-z][\w+.-]*:", stated) or stated.startswith(("/", "\\", "~")):
        problems.error("path-absolute", at, found=stated)
    elif ".." in parts or not stated.strip() or not is_within(path, folder):
        problems.error("path-outside", at, found=stated)
    elif not _exists(path):
        names = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
        problems.error("path-missing", at, found=stated, nearest=nearest(parts[-1], sorted(names)))
    else:
        return path
    return None


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # its name is too long, or its folder may not be searched
        return False


def merge(under: Document, over: Document) -> Document:
    """Lay one document over another: maps merge key by key, lists and scalars replace.

    Levers of ``over`` come after those of ``under``; a file's own keys are not inherited.
    """
    data = {key: value for key, value in under.data.items() if key not in OWN}
    below = {key: mark for key, mark in under.mark.below.items() if key not in OWN}
    base = Document(data, replace(under.mark, at=over.mark.at, below=below))
    return _laid(base, over, top=True)


def _laid(under: Document, over: Document, *, top: bool = False) -> Document:
    data, below = dict(under.data), dict(under.mark.below)
    for key, value in over.data.items():
        old, mark = data.get(key), over.mark.below[key]
        if isinstance(value, dict) and isinstance(old, dict):
            laid = _laid(Document(old, below[key]), Document(value, mark))
            data[key], below[key] = laid.data, laid.mark
        elif top and key == "levers" and isinstance(value, tuple) and isinstance(old, tuple):
            data[key] = old + value
            marks = (*below[key].below.values(), *mark.below.values())
            below[key] = replace(mark, below=dict(enumerate(marks)))
        else:
            data[key], below[key] = value, mark
    partial = under.mark.partial or over.mark.partial
    return Document(data, replace(over.mark, partial=partial, below=below))
