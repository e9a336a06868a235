"""``capacity chart``: pictures of a finished run."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from capacity.cli.common import (
    OK,
    PATH,
    Stopped,
    lang_option,
    print_errors,
    show_progress,
    stopping,
)
from capacity.render.charts.kinds import FORMATS, KINDS
from capacity.results.atomic import CHARTS

_KIND = click.Choice(list(KINDS))
_YEARLY = [kind.name for kind in KINDS.values() if kind.yearly]
_REGIONAL = [kind.name for kind in KINDS.values() if kind.regional]


@click.command("chart")
@click.argument("run", type=PATH)
@click.argument("more", nargs=-1, metavar="")
@click.option("--year", "years", multiple=True, type=int, metavar="Y...", help="Of these autumns.")
@click.option("--every-year", is_flag=True, help="Of every autumn of the run.")
@click.option("--kind", "kinds", multiple=True, type=_KIND, help="What to draw.")
@click.option("--region", "regions", multiple=True, help="Of this region, not the district.")
@click.option("--format", "suffix", type=click.Choice(FORMATS), default="png", show_default=True)
@lang_option
@click.option("-o", "--output", type=PATH, help="Folder; RUN/charts by default.")
def command(
    run: Path,
    more: tuple[str, ...],
    years: tuple[int, ...],
    every_year: bool,
    kinds: tuple[str, ...],
    regions: tuple[str, ...],
    suffix: str,
    lang: str,
    output: Path | None,
) -> int:
    """Draw charts of the run in folder RUN, and print their paths.

    gap and entry show one autumn, the others all years; supply, wave and fan can show one
    region; fan needs a run with draws. With neither --kind nor a year or region, one of each
    kind; with a year and no --kind, its gap; with a region, its supply, wave and fan. Without a
    year, gap shows the year of the plan's target and entry the autumn after the base year.

    A chart that the run itself wrote stays as it is: in another language a chart gets a name of
    its own beside it (gap_2025.zh.png).
    """
    choice = Choice((*years, *_numbers(more, years)), every_year, regions, kinds)
    code = OK
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            _draw(run, run / CHARTS if output is None else output, choice, suffix, lang)
        except Stopped as stopped:
            stopped.show()
            code = stopped.exit_code
    texts = dict.fromkeys(str(warning.message) for warning in caught)
    print_errors(f"warning: {text}" for text in texts)
    return code


@dataclass(frozen=True)
class Choice:
    """Which years and regions were asked for."""

    years: tuple[int, ...]
    every_year: bool
    regions: tuple[str, ...]
    named: tuple[str, ...]

    @property
    def kinds(self) -> Sequence[str]:
        """The kinds to draw: those named where they can show it, else those that can."""
        if self.years and self.every_year:
            raise click.UsageError("name years or ask for --every-year, not both")
        for name in self.named:
            if self.years and name not in _YEARLY:
                offer = ", ".join(_YEARLY)
                raise click.UsageError(f"{name} shows all years: --year is for {offer}")
            if self.regions and name not in _REGIONAL:
                offer = ", ".join(_REGIONAL)
                raise click.UsageError(f"{name} shows all regions: --region is for {offer}")
        by_year = ["gap"] if self.years or self.every_year else []
        return self.named or [*by_year, *(_REGIONAL if self.regions else [])] or list(KINDS)


def _numbers(more: Sequence[str], years: Sequence[int]) -> list[int]:
    """Take what follows ``--year Y`` as further years."""
    if more and not (years and all(text.isdecimal() for text in more)):
        raise click.UsageError(f"one run at a time: what is {more[0]!r}? (years follow --year)")
    return [int(text) for text in more]


def _draw(run: Path, folder: Path, choice: Choice, suffix: str, lang: str) -> None:
    from capacity.render.pictures import draw, pictures
    from capacity.results.labels import years_of
    from capacity.results.runs import load_run

    with stopping(lang, folder, "chart", overwrite=True):
        result = load_run(run)
        wanted = pictures(
            result,
            choice.kinds,
            years=years_of(result.frame()) if choice.every_year else choice.years or None,
            regions=choice.regions,
            at=str(run),
            strict=bool(choice.named),
        )
        paths = draw(result, wanted, folder, lang=lang, suffix=suffix, progress=show_progress)
    show_progress("")
    for path in paths:
        click.echo(path)
