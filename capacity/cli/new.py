"""``capacity new``: a district folder to fill in, which runs at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from capacity.base.words import word
from capacity.cli.common import BAD_INPUT, OK, PATH, Stopped, lang_option, stopping
from capacity.cli.spoken import Spoken
from capacity.templates.presets import levels_known

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District


@click.command("new", cls=Spoken)
@click.argument("folder", type=PATH, metavar="DIR")
@click.option("--excel", is_flag=True)
@click.option("--levels", type=click.Choice(levels_known()))
@click.option("--like", type=PATH, metavar="DISTRICT")
@lang_option
@click.pass_context
def command(
    context: click.Context,
    folder: Path,
    excel: bool,
    levels: str | None,
    like: Path | None,
    lang: str,
) -> int:
    """Write a district folder to fill in; it holds an example and runs at once."""
    from capacity.results.lock import FolderTakenError
    from capacity.templates import folder as templates
    from capacity.templates.presets import language_of

    if levels is not None and like is not None:
        raise Stopped(BAD_INPUT, "refused", [word("templates.levels_and_like", lang)])
    written = language_of(levels) if levels and not _is_asked(context, "lang") else lang
    facts = {"folder": folder, "like": like, "scenario": _quoted(folder / templates.SCENARIO)}
    key = "cli.new_written" if like is None else "cli.new_copied"
    with stopping(lang, folder, "new"):
        try:
            district = None if like is None else _read(like)
            templates.write(folder, written, excel=excel, levels=levels, like=district)
        except FolderTakenError:
            line = word("cli.new_taken", lang, **facts)
            raise Stopped(BAD_INPUT, "refused", [line]) from None
    if district is not None and not district.has("enrolment"):
        key = "templates.new_fitted"
    notes = folder / templates.guide_name(written, excel=excel)
    click.echo(word(key, lang, **facts, notes=notes))
    return OK


def _is_asked(context: click.Context, name: str) -> bool:
    """Whether an option stands on the command line, also before the command."""
    contexts = (one for one in (context, context.parent) if one is not None)
    return any(one.get_parameter_source(name) is ParameterSource.COMMANDLINE for one in contexts)


def _quoted(path: Path) -> str:
    """Return a path as it is typed."""
    return f'"{path}"' if " " in str(path) else str(path)


def _read(folder: Path) -> District:
    """Read the district whose tables are wanted; it may have none yet.

    Raises
    ------
    InputError
        With every problem of the folder.
    """
    from capacity.base.errors import InputError, Problem, Problems
    from capacity.inputs.districts.district import read_district

    def is_template(problem: Problem) -> bool:
        return problem.code == "enrolment-missing" and not str(dict(problem.facts)["rename"])

    problems = Problems()
    district = read_district(folder, problems)
    if errors := tuple(one for one in problems.errors if not is_template(one)):
        raise InputError(errors)
    assert district is not None
    return district
