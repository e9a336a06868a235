"""The report as one text, and how it gets into its file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from capacity.base.errors import At, Problems
from capacity.base.words import word
from capacity.render.report.document import is_report, report_html
from capacity.results.atomic import REPORT, read_manifest, replace_file
from capacity.results.disk import exists, is_plain, make_folders
from capacity.results.folder import Chart
from capacity.results.labels import ALL
from capacity.studies.compare.study import comparison_of, names_of
from capacity.studies.live.page import live_tab
from capacity.studies.report import basis, page
from capacity.studies.report.study import report_of

if TYPE_CHECKING:
    from capacity.results.result import Result

#: Bytes from the beginning of a file by which a report is known.
_HEAD = 1024


def report_text(results: Sequence[Result], lang: str, signed: Sequence[str] = ()) -> str:
    """Return the report of a run, or of several, each against the first.

    Parameters
    ----------
    results
        One at least.
    lang
        "en" or "zh".
    signed
        Names of those who have signed it off.
    """
    if len(results) == 1:
        return _of_one(results[0], lang, signed)
    first, titles = results[0], [page.named(result, lang)["title"] for result in results]
    names = titles if len(set(titles)) == len(titles) else names_of(results)
    found = [comparison_of(first, other) for other in results[1:]]
    district = first.labels.region_name(ALL, lang)
    title = word("report.comparison", lang, district=district, n=len(results))
    sheets = list(page.comparison_sheets(found, names, lang))
    data = {"runs": [page.named(result, lang) for result in results], "lang": lang}
    about = basis.signing(signed, lang).text
    return report_html(title, sheets, lang, about=about, data=data)


def _of_one(result: Result, lang: str, signed: Sequence[str]) -> str:
    of = report_of(result, signed)
    return report_html(
        page.title(result, lang),
        list(page.sheets(of, lang)),
        lang,
        about=page.about(of, lang),
        tab=live_tab(result, lang, of.ran),
        data={"scenario": page.named(result, lang), "lang": lang},
    )


def report_of_run(result: Result) -> Chart:
    """Return the report as the folder of its run keeps it."""

    def made(path: Path, lang: str) -> None:
        path.write_text(report_text([result], lang), encoding="utf-8", newline="")

    return Chart(REPORT, "report", made, always=True)


def place_in(run: Path, lang: str) -> Path:
    """Return where the report of a run stands that is not told another place.

    Beside one that the run itself wrote in another language it has its own in its name.
    """
    found = read_manifest(run) or {"outputs": {}}
    options = found.get("options")
    spoken = options.get("lang") if isinstance(options, dict) else None
    other = REPORT in found["outputs"] and spoken not in (None, lang)
    return run / (REPORT.replace(".html", f".{lang}.html") if other else REPORT)


def put(path: Path, text: str, *, overwrite: bool = False) -> str:
    """Write a report into a file, whole or not at all.

    Parameters
    ----------
    path
        Another report there is replaced; a file that is none only with ``overwrite``, and then
        stays beside it under another name.
    text
    overwrite

    Returns
    -------
    str
        ``written``, or ``unchanged`` where it stood there already.

    Raises
    ------
    capacity.InputError
        Something stands there that is not replaced: a folder, a file that is no report, or the
        report that a run wrote.
    FolderInUseError, FolderTakenError
        Another command is writing there, or something of somebody's stands where it is drafted.
    OSError
        The disk is full, or may not be written to.
    """
    data = text.encode()
    old = _standing(path)
    if old == data:
        return "unchanged"
    claim(path, overwrite=overwrite)
    place = Path(os.path.realpath(path))
    found = read_manifest(place.parent)
    if old is not None and found is not None and place.name in found["outputs"]:
        problems = Problems()
        problems.error("report-kept", At(str(path)))
        problems.raise_errors()
    make_folders(place.parent)
    ours = old is not None and is_report(old[:_HEAD])
    replace_file(place, data, sha256(old).hexdigest() if old is not None and ours else None)
    return "written"


def claim(path: Path, *, overwrite: bool = False) -> None:
    """Refuse to replace what is no report, before any work.

    Raises
    ------
    capacity.InputError
    """
    problems, old = Problems(), _standing(path)
    if old is None and exists(Path(os.path.realpath(path))):
        problems.error("report-folder", At(str(path)), example=path / REPORT)
    elif old is not None and not overwrite and not is_report(old[:_HEAD]):
        problems.error("report-other", At(str(path)))
    problems.raise_errors()


def _standing(path: Path) -> bytes | None:
    """Return the file that stands there; None for nothing, and for what is no file."""
    place = Path(os.path.realpath(path))
    return place.read_bytes() if exists(place) and is_plain(place) else None
