"""Rewrite the example districts, `haidian` and its kin, from the facts beside this file.

python scenarios/derive.py
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from derivation.district import district_file
from derivation.outlines import outlines
from derivation.tables import Table, tables

HERE = Path(__file__).parent
#: Those of the five regions that the plan and its successor speak of.
OUTLINED = ("haidian", "haidian-2026")
FOLDERS = ("haidian", "haidian-2026", "haidian-kindergarten", "haidian-17")


def as_csv(table: Table) -> str:
    columns, rows = table
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write(name: str, into: Path) -> None:
    """Write every file of a folder."""
    folder = into / name
    folder.mkdir(parents=True, exist_ok=True)
    files = {f"{table}.csv": as_csv(rows) for table, rows in tables(name).items()}
    files["district.yaml"] = district_file(name)
    if name in OUTLINED:
        files["regions.geojson"] = outlines()
    for file, text in files.items():
        (folder / file).write_bytes(text.encode())


def main(into: Path = HERE) -> None:
    """Write every folder."""
    for name in FOLDERS:
        write(name, into)


if __name__ == "__main__":
    main()
