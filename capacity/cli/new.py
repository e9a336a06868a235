"""``capacity new``: a district folder to fill in, which runs at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from capacity.base.words import word
from capacity.cli.common import BAD_INPUT, OK, PATH, Stopped, lang_option, stopping
from capacity.cli.spoken import Spoken

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District


@click.command("new", cls=Spoken)
@click.argument("folder", type=PATH, metavar="DIR")
@click.option("--excel", is_flag=True, help="One workbook in place of CSV files.")
@click.option(
    "--like", type=PATH, metavar="DISTRICT",
    help="Take the tables of this district folder in place of the example.",
)  # fmt: skip
@lang_option
def command(folder: Path, excel: bool, like: Path | None, lang: str) -> int:
    """Write a district folder to fill in; it holds an example and runs at once."""
    from capacity.results.lock import FolderTakenError
    from capacity.templates import folder as templates

    facts = {"folder": folder, "like": like, "scenario": _quoted(folder / templates.SCENARIO)}
    with stopping(lang, folder, "new"):
        try:
            district = None if like is None else _read(like)
            templates.write(folder, lang, excel=excel, like=district)
        except FolderTakenError:
            line = word("cli.new_taken", lang, **facts)
            raise Stopped(BAD_INPUT, "refused", [line]) from None
    key = "cli.new_written" if like is None else "cli.new_copied"
    click.echo(word(key, lang, **facts, notes=folder / templates.guide_name(lang, excel=excel)))
    return OK


def _quoted(path: Path) -> str:
    """Return a path as it is typed."""
    return f'"{path}"' if " " in str(path) else str(path)


def _read(folder: Path) -> District:
    """Read the district whose tables are wanted.

    Raises
    ------
    InputError
        With every problem of the folder.
    """
    from capacity.base.errors import Problems
    from capacity.inputs.districts.district import load_district

    problems = Problems()
    district = load_district(folder, problems)
    problems.raise_errors()
    assert district is not None
    return district
