"""``capacity compare``: how runs or scenarios differ from the first, and in what inputs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capacity.base.errors import problem_lines
from capacity.base.words import word
from capacity.cli.common import (
    BAD_INPUT,
    CHECK_FAILED,
    OK,
    PATH,
    Asked,
    Stopped,
    charts_option,
    each_read,
    json_option,
    keep_and_report,
    lang_option,
    named_alike,
    print_errors,
    print_json,
    stopping,
)
from capacity.cli.spoken import Spoken

if TYPE_CHECKING:
    from capacity.studies.compare.study import Comparison

COMPARISONS = Path("comparisons")
#: Notes shown on the terminal; `Comparison.notes` has all of them.
_SHOWN = 12


@click.command("compare", cls=Spoken)
@click.argument("runs", nargs=-1, required=True, type=PATH, metavar="A B...")
@click.option(
    "-o",
    "--output",
    type=PATH,
    metavar="DIR",
)
@lang_option
@charts_option
@click.option("--overwrite", is_flag=True)
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    runs: tuple[Path, ...],
    output: Path | None,
    lang: str,
    no_charts: bool,
    overwrite: bool,
    as_json: bool,
) -> int:
    """Compare runs or scenarios with the first."""
    from capacity.studies.compare import folder as comparisons
    from capacity.studies.compare.study import names_of

    if len(runs) < 2:
        raise click.UsageError(word("cli.compare_two", lang), ctx)
    asked = Asked(lang, not no_charts, overwrite, as_json)
    found = _compared(runs, asked.lang)
    results = [found[0].a, *(one.b for one in found)]
    names = names_of(results)
    if twice := named_alike(names[1:]):
        line = word("cli.compare_twice", asked.lang, name=", ".join(twice))
        raise Stopped(BAD_INPUT, "refused", [line])
    codes, bodies = [], []
    for comparison, name in zip(found, names[1:], strict=True):
        folder = COMPARISONS / f"{names[0]}-{name}" if output is None else output
        if output is not None and len(found) > 1:
            folder = output / name
        print_errors(problem_lines(comparison.notes, asked.lang, _SHOWN))
        outcome = keep_and_report(
            comparisons.comparison_folder(comparison),
            folder,
            asked,
            command="compare",
            text=partial(comparison.summary, asked.lang),
            quiet=True,
        )
        codes.append(outcome.code or _checked(comparison, asked.lang))
        bodies.append(comparisons.as_json(comparison) | outcome.figures)
    if as_json:
        print_json(bodies, "comparisons")
    elif len(found) > 1:
        from capacity.render.text import as_text
        from capacity.studies.compare.page import side_by_side

        click.echo(as_text(side_by_side(results, names, asked.lang)))
    return max(codes)


def _compared(runs: Sequence[Path], lang: str) -> list[Comparison]:
    """Read or run all, and compare each with the first.

    Raises
    ------
    Stopped
        With the problems of all.
    """
    from capacity import api

    with stopping(lang, runs[0]):
        results = each_read(runs, api.result_from)
        return [api.compare(results[0], other) for other in results[1:]]


def _checked(comparison: Comparison, lang: str) -> int:
    """Return the exit code of a comparison whose runs may have failed a self-check, and say so."""
    failed = [side.scenario.name for side in (comparison.a, comparison.b) if not side.passed]
    print_errors([word("cli.compare_failed", lang, name=name) for name in failed])
    return CHECK_FAILED if failed else OK
