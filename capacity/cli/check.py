"""``capacity check``: every problem of every file, nothing written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capacity.base.errors import how_many, problem_lines
from capacity.base.words import word
from capacity.cli.common import BAD_INPUT, OK, lang_option, print_errors
from capacity.cli.spoken import Spoken

#: As `capacity.inputs.districts.district` and `capacity.inputs.importing.mapfile` name them; not
#: imported for a quick start.
DISTRICT_FILE, IMPORT_FILE = "district.yaml", "import.yaml"

if TYPE_CHECKING:
    from capacity.base.errors import Problem


@click.command("check", cls=Spoken)
@click.argument("paths", nargs=-1, type=click.Path(), metavar="FILE|DIR...")
@click.option("--schema", is_flag=True)
@lang_option
@click.pass_context
def command(ctx: click.Context, paths: tuple[str, ...], schema: bool, lang: str) -> int:
    """Show every problem of scenario files and district folders, with file, line and column."""
    from capacity.base.errors import Problems

    if schema:
        from capacity.inputs.scenarios.schema import scenario_schema

        click.echo(json.dumps(scenario_schema(), ensure_ascii=False, indent=2))
        return OK
    if not paths:
        raise click.UsageError(word("cli.check_what", lang), ctx)
    found = Problems()
    every = [part for path in paths for part in _parts(Path(path))]
    for part in every:
        found.extend(_problems(part))
    print_errors(problem_lines(found, lang))
    counts = {
        "errors": _count(how_many(found.errors), "error", lang),
        "warnings": _count(how_many(found.warnings), "warning", lang),
    }
    click.echo(word("cli.checked", lang, n=len(every), **counts))
    return BAD_INPUT if found.errors else OK


def _count(n: int, thing: str, lang: str) -> str:
    return word(f"cli.one_{thing}" if n == 1 else f"cli.n_{thing}s", lang, n=n)


def _parts(path: Path) -> list[Path]:
    """Return what a path asks to check: a district folder's scenarios go with it."""
    from capacity.inputs.tables.files import is_file

    if not is_file(path / DISTRICT_FILE):
        return [path]
    apart = {path / DISTRICT_FILE, path / IMPORT_FILE}
    beside = {*path.glob("*.yaml"), *path.glob("*.yml")} - apart
    return [path, *sorted(beside)]


def _problems(path: Path) -> Iterable[Problem]:
    """Find what reading finds, and for a sound scenario also what only a run finds."""
    from capacity import api
    from capacity.base.errors import InputError, Problems
    from capacity.inputs.scenarios.scenario import check, read_scenario
    from capacity.inputs.tables.files import is_dir

    if is_dir(path) or path.name == DISTRICT_FILE:
        return check(path)
    found = Problems()
    scenario = read_scenario(path, found)
    if scenario is None:
        return found
    try:
        return api.run(scenario, draws=0).notes
    except InputError as error:
        return error.problems
