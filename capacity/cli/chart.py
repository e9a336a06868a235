"""``capacity chart``: pictures of a finished run."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import click

from capacity.cli.common import (
    BAD_INPUT,
    ENVIRONMENT,
    OK,
    lang_option,
    problem_lines,
    system_words,
    tell,
)
from capacity.outputs.charts.kinds import FORMATS, KINDS

_KIND = click.Choice(list(KINDS))
_YEARLY = [kind.name for kind in KINDS.values() if kind.yearly]


@click.command("chart")
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("more", nargs=-1, metavar="")
@click.option("--year", "years", multiple=True, type=int, metavar="Y...", help="Of these autumns.")
@click.option("--every-year", is_flag=True, help="Of every autumn of the run.")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(list(KINDS)), help="What to draw."
)
@click.option("--format", "suffix", type=click.Choice(FORMATS), default="png", show_default=True)
@lang_option
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Folder; RUN/charts by default."
)
def command(
    run: Path,
    more: tuple[str, ...],
    years: tuple[int, ...],
    every_year: bool,
    kinds: tuple[str, ...],
    suffix: str,
    lang: str | None,
    output: Path | None,
) -> int:
    """Draw charts of the run in folder RUN, and print their paths.

    gap and entry show one autumn, the others all years. With neither --kind nor a year, one of
    each kind; with a year and no --kind, its gap. Without a year, gap shows the year of the
    plan's target and entry the autumn after the base year.

    A chart that the run itself wrote stays as it is: in another language a chart gets a name of
    its own beside it (gap_2025.zh.png).
    """
    from capacity.outputs.words import language

    named = (*years, *_numbers(more, years))
    if named and every_year:
        raise click.UsageError("name years or ask for --every-year, not both")
    chosen = kinds or (("gap",) if named or every_year else tuple(KINDS))
    if named and (whole := [name for name in chosen if name not in _YEARLY]):
        offer = ", ".join(_YEARLY)
        raise click.UsageError(f"{whole[0]} shows all years: leave out --year ({offer} take one)")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        code = _draw(run, output, chosen, named, every_year, suffix, language(lang))
    for text in dict.fromkeys(str(warning.message) for warning in caught):
        click.echo(f"warning: {text}", err=True)
    return code


def _numbers(more: Sequence[str], years: Sequence[int]) -> list[int]:
    """Take what follows ``--year Y`` as further years."""
    if more and not (years and all(text.isdecimal() for text in more)):
        raise click.UsageError(f"one run at a time: what is {more[0]!r}? (years follow --year)")
    return [int(text) for text in more]


def _draw(
    run: Path,
    output: Path | None,
    kinds: Sequence[str],
    named: Sequence[int],
    every_year: bool,
    suffix: str,
    lang: str,
) -> int:
    from capacity.errors import InputError
    from capacity.outputs.labels import years_of
    from capacity.outputs.pictures import CHARTS, draw, pictures
    from capacity.outputs.stored import load_run

    folder = run / CHARTS if output is None else output
    try:
        result = load_run(run)
        years = years_of(result.frame()) if every_year else named or None
        wanted = pictures(result, kinds, years, at=str(run))
        for path in draw(result, wanted, folder, lang=lang, suffix=suffix, progress=tell):
            tell("")
            click.echo(path)
    except InputError as error:
        tell("")
        for line in problem_lines(error.problems, lang):
            click.echo(line, err=True)
        return BAD_INPUT
    except OSError as error:
        click.echo(system_words(error, folder, lang), err=True)
        return ENVIRONMENT
    return OK
