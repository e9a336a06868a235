"""``capacity ratios``: what a district's own past gives, how sure, and where it breaks."""

from __future__ import annotations

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
    stopping,
)
from capacity.cli.spoken import Spoken

RATIOS = Path("ratios")
METHODS = ("shrunk", "mean", "pooled")
#: Notes shown on the terminal; breaks.csv has every break.
_SHOWN = 20


@click.command("ratios", cls=Spoken)
@click.argument("district", type=PATH, metavar="DIR")
@click.option("--method", type=click.Choice(METHODS), default="shrunk", show_default=True)
@click.option(
    "--window",
    metavar="N",
    type=click.IntRange(1, 50),
    default=3,
    show_default=True,
)
@click.option(
    "--base-year",
    type=int,
    metavar="Y",
)
@click.option(
    "-o",
    "--output",
    type=PATH,
    metavar="DIR",
)
@click.option("--write", is_flag=True)
@lang_option
@charts_option
@click.option("--overwrite", is_flag=True)
@json_option
def command(
    district: Path,
    method: str,
    window: int,
    base_year: int | None,
    output: Path | None,
    write: bool,
    lang: str,
    no_charts: bool,
    overwrite: bool,
    as_json: bool,
) -> int:
    """Calibrate the ratios of a district on its own past."""
    from capacity import api
    from capacity.studies.ratios import folder as folders

    asked = Asked(lang, not no_charts, overwrite, as_json)
    with stopping(asked.lang, district):
        whole = api.load_district(district)
        if write:
            folders.refuse(whole, overwrite=overwrite)
        ratios = api.calibrate(whole, method=method, window=window, base_year=base_year)
    print_errors(problem_lines((*whole.warnings, *ratios.notes), asked.lang, _SHOWN))
    outcome = keep_and_report(
        folders.ratios_folder(ratios),
        output or RATIOS / whole.name,
        asked,
        command="ratios",
        text=lambda: ratios.summary(asked.lang),
    )
    if as_json:
        print_json([folders.as_json(ratios) | outcome.figures])
    if write and outcome.code == OK:
        with stopping(asked.lang, whole.folder, "ratios"):
            path, count = folders.state(ratios)
        print_errors([word("cli.ratios_stated", asked.lang, path=path, n=count)])
        if method == "shrunk":
            print_errors([word("cli.ratios_unmixed", asked.lang)])
    return outcome.code
