"""``capacity check``: every problem of every file, nothing written."""

from __future__ import annotations

import json

import click

from capacity.cli.common import BAD_INPUT, OK, lang_option, problem_lines


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
        from capacity.inputs.schema import scenario_schema

        click.echo(json.dumps(scenario_schema(), ensure_ascii=False, indent=2))
        return OK
    if not paths:
        raise click.UsageError("name a scenario file or a district folder", ctx)
    from capacity.inputs.scenario import check

    chosen, found = language(lang), Problems()
    for path in paths:
        found.extend(check(path))
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
