"""``capacity report``: a run, or several, as one HTML file that opens on a double click."""

from __future__ import annotations

from pathlib import Path

import click

from capacity.base.words import word
from capacity.cli.common import (
    CHECK_FAILED,
    OK,
    PATH,
    each_read,
    lang_option,
    print_errors,
    show_progress,
    stopping,
)
from capacity.cli.spoken import Spoken
from capacity.results.atomic import REPORT


@click.command("report", cls=Spoken)
@click.argument("runs", nargs=-1, required=True, type=PATH, metavar="RUN...")
@click.option("-o", "--output", type=PATH, metavar="FILE")
@lang_option
@click.option("--signed-by", multiple=True, metavar="NAME")
@click.option("--overwrite", is_flag=True)
def command(
    runs: tuple[Path, ...],
    output: Path | None,
    lang: str,
    signed_by: tuple[str, ...],
    overwrite: bool,
) -> int:
    """Write the report of a run, or of several, and print its path."""
    from capacity.results.runs import load_run
    from capacity.studies.report.whole import claim, place_in, put, report_text

    alone = place_in(runs[0], lang) if len(runs) == 1 else Path(REPORT)
    path = alone if output is None else output
    with stopping(lang, path, "report", overwrite=True):
        claim(path, overwrite=overwrite)
        results = each_read(runs, load_run)
        show_progress(word("cli.report_makes", lang))
        state = put(path, report_text(results, lang, signed_by), overwrite=overwrite)
    show_progress("")
    click.echo(path)
    print_errors([word("cli.report_unchanged", lang)] if state == "unchanged" else [])
    failed = [result.scenario.name for result in results if not result.passed]
    print_errors(word("cli.compare_failed", lang, name=name) for name in failed)
    return CHECK_FAILED if failed else OK
