"""``capacity backtest``: how good forecasts of a district's own past were."""

from __future__ import annotations

import re
from pathlib import Path

import click

from capacity.base.errors import problem_lines
from capacity.base.words import word
from capacity.cli.common import (
    OK,
    PATH,
    Asked,
    charts_option,
    json_option,
    keep_and_report,
    lang_option,
    print_errors,
    print_json,
    show_progress,
    stopping,
)
from capacity.cli.spoken import Spoken, lang_of

BACKTESTS = Path("backtests")


def _grades(ctx: click.Context, _: click.Parameter, value: str | None) -> tuple[int, int] | None:
    if value is None:
        return None
    if not (match := re.fullmatch(r"(-?\d+)[-–](-?\d+)", value.strip())):
        raise click.BadParameter(word("cli.backtest_grades", lang_of(ctx)))
    return int(match[1]), int(match[2])


@click.command("backtest", cls=Spoken)
@click.argument("district", type=PATH, metavar="DIR")
@click.option(
    "-o",
    "--output",
    type=PATH,
    metavar="DIR",
)
@click.option("--horizons", metavar="N", type=click.IntRange(1, 60), default=6, show_default=True)
@click.option(
    "--draws",
    metavar="N",
    type=click.IntRange(0, 1_000_000),
    default=1000,
    show_default=True,
)
@click.option(
    "--seed", metavar="N", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True
)
@click.option("--grades", callback=_grades, metavar="A-B")
@click.option("--write", is_flag=True)
@lang_option
@click.option("--workers", type=click.IntRange(min=1), metavar="N")
@charts_option
@click.option("--overwrite", is_flag=True)
@json_option
def command(
    district: Path,
    output: Path | None,
    horizons: int,
    draws: int,
    seed: int,
    grades: tuple[int, int] | None,
    write: bool,
    lang: str,
    workers: int | None,
    no_charts: bool,
    overwrite: bool,
    as_json: bool,
) -> int:
    """Measure forecasts of a district on its own past."""
    from capacity import api
    from capacity.studies.backtest import folder as backtests

    asked = Asked(lang, not no_charts, overwrite, as_json)
    with stopping(asked.lang, district):
        whole = api.load_district(district)
        if write:
            backtests.refuse(whole, overwrite=overwrite)
        result = api.backtest(
            whole,
            horizons=horizons,
            draws=draws,
            seed=seed,
            grades=grades,
            workers=workers,
            progress=lambda year: show_progress(word("cli.backtest_origin", asked.lang, year=year)),
        )
    show_progress("")
    print_errors(problem_lines(whole.warnings, asked.lang))
    outcome = keep_and_report(
        backtests.backtest_folder(result),
        output or BACKTESTS / result.district.name,
        asked,
        command="backtest",
        text=lambda: result.summary(asked.lang),
        line="cli.backtest_is",
        seed=result.seed,
    )
    if as_json:
        print_json([backtests.as_json(result) | outcome.figures])
    if write and outcome.code == OK:
        with stopping(asked.lang, whole.folder, "backtest"):
            path = backtests.store(result, whole)
        print_errors([word("cli.backtest_stored", asked.lang, path=path)])
    return outcome.code
