"""``capacity chart``: pictures of a finished run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from capacity.base.words import word
from capacity.cli.common import (
    OK,
    PATH,
    Stopped,
    lang_option,
    show_progress,
    stopping,
)
from capacity.cli.spoken import Spoken
from capacity.render.charts.kinds import FORMATS, KINDS
from capacity.results.atomic import CHARTS

_KIND = click.Choice(list(KINDS))
_YEARLY = [kind.name for kind in KINDS.values() if kind.yearly]
_REGIONAL = [kind.name for kind in KINDS.values() if kind.regional]


@click.command("chart", cls=Spoken)
@click.argument("run", type=PATH, metavar="RUN")
@click.argument("more", nargs=-1, metavar="")
@click.option("--year", "years", multiple=True, type=int, metavar="Y...")
@click.option("--every-year", is_flag=True)
@click.option("--kind", "kinds", multiple=True, type=_KIND)
@click.option("--region", "regions", multiple=True, metavar="REGION")
@click.option("--format", "suffix", type=click.Choice(FORMATS), default="png", show_default=True)
@lang_option
@click.option("-o", "--output", type=PATH, metavar="DIR")
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
    """Draw charts of a run, and print their paths."""
    choice = Choice((*years, *_numbers(more, years, lang)), every_year, regions, kinds, lang)
    code = OK
    try:
        _draw(run, run / CHARTS if output is None else output, choice, suffix, lang)
    except Stopped as stopped:
        stopped.show()
        code = stopped.exit_code
    return code


@dataclass(frozen=True)
class Choice:
    """Which years and regions were asked for, and in what language."""

    years: tuple[int, ...]
    every_year: bool
    regions: tuple[str, ...]
    named: tuple[str, ...]
    lang: str

    @property
    def kinds(self) -> Sequence[str]:
        """The kinds to draw: those named where they can show it, else those that can."""
        if self.years and self.every_year:
            raise click.UsageError(word("cli.chart_every_or_some", self.lang))
        for name in self.named:
            if self.years and name not in _YEARLY:
                raise self._cannot("cli.chart_all_years", name, _YEARLY)
            if self.regions and name not in _REGIONAL:
                raise self._cannot("cli.chart_all_regions", name, _REGIONAL)
        by_year = ["gap"] if self.years or self.every_year else []
        return self.named or [*by_year, *(_REGIONAL if self.regions else [])] or list(KINDS)

    def _cannot(self, key: str, name: str, can: Sequence[str]) -> click.UsageError:
        kinds = word("nouns.list", self.lang).join(can)
        return click.UsageError(word(key, self.lang, name=name, kinds=kinds))


def _numbers(more: Sequence[str], years: Sequence[int], lang: str) -> list[int]:
    """Take what follows ``--year Y`` as further years."""
    if more and not (years and all(text.isdecimal() for text in more)):
        raise click.UsageError(word("cli.chart_one_run", lang, found=more[0]))
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
