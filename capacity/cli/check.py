"""``capacity check``: every problem of every file, nothing written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capacity.cli.common import BAD_INPUT, OK, lang_option, problem_lines

if TYPE_CHECKING:
    from capacity.errors import Problem


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(), metavar="FILE|DIR...")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of scenario files.")
@lang_option
@click.pass_context
def command(ctx: click.Context, paths: tuple[str, ...], schema: bool, lang: str | None) -> int:
    """Show every problem of scenario files and district folders, with file, line and column."""
    from capacity.errors import Problems
    from capacity.outputs.words import language

    if schema:
        from capacity.inputs.scenarios.schema import scenario_schema

        click.echo(json.dumps(scenario_schema(), ensure_ascii=False, indent=2))
        return OK
    if not paths:
        raise click.UsageError("name a scenario file or a district folder", ctx)
    chosen, found = language(lang), Problems()
    for path in paths:
        found.extend(_problems(path))
    for line in problem_lines(found, chosen):
        click.echo(line, err=True)
    errors, warnings = len(found.errors), len(found.warnings)
    click.echo(
        {
            "en": f"{len(paths)} checked: {errors} errors, {warnings} warnings",
            "zh": f"已检查 {len(paths)} 项：{errors} 处错误，{warnings} 处提示",
        }[chosen]
    )
    return BAD_INPUT if errors else OK


def _problems(path: str) -> Iterable[Problem]:
    """Find what reading finds, and for a sound scenario also what only a run finds."""
    from capacity import api
    from capacity.errors import InputError
    from capacity.inputs.scenarios.scenario import check

    found = check(path)
    if found.errors or Path(path).is_dir() or Path(path).name == "district.yaml":
        return found
    try:
        return api.run(api.load_scenario(path), draws=0).notes
    except InputError as error:
        return error.problems
