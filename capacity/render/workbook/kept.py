"""The workbook as a file of a run folder; nothing is loaded before it is written."""

from __future__ import annotations

from pathlib import Path

from capacity.results.folder import Chart
from capacity.results.result import Result

#: The file of a run folder.
FILE = "results.xlsx"


def workbook_of_run(result: Result) -> Chart:
    """Return the workbook of a run as its folder keeps it."""

    def written(path: Path, lang: str) -> None:
        from capacity.render.workbook.book import write_workbook

        write_workbook(result, path, lang)

    return Chart(FILE, "workbook", written)
