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

RATIOS = Path("ratios")
METHODS = ("shrunk", "mean", "pooled")
#: Notes shown on the terminal; breaks.csv has every break.
_SHOWN = 20


@click.command("ratios")
@click.argument("district", type=PATH, metavar="DIR")
@click.option("--method", type=click.Choice(METHODS), default="shrunk", show_default=True)
@click.option(
    "--window", type=click.IntRange(1, 50), default=3, show_default=True,
    help="Years that mean and pooled use.",
)  # fmt: skip
@click.option(
    "--base-year", type=int, metavar="Y",
    help="The last year that is used.  [default: the last whole one]",
)  # fmt: skip
@click.option(
    "-o", "--output", type=PATH, metavar="DIR",
    help="Folder of the ratios.  [default: ratios/<district>]",
)  # fmt: skip
@click.option("--write", is_flag=True, help="State the ratios in the ratios.csv of DIR.")
@lang_option
@charts_option
@click.option("--overwrite", is_flag=True, help="Replace other ratios in either place.")
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
    """Calibrate the ratios of the district in DIR on its own past.

    Every ratio with its spread, its years and what it was drawn towards: ratios.csv, yearly.csv,
    breaks.csv and a chart. Breaks are named here alone, and never repaired.
    """
    from capacity import api
    from capacity.studies.ratios import folder as folders

    asked = Asked(lang, not no_charts, overwrite, as_json)
    with stopping(asked.lang, district):
        whole = api.district_from(district)
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
