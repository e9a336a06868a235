"""``capacity ratios``: what a district's own past gives, how sure, and where it breaks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capacity.base.words import word
from capacity.cli.common import (
    BAD_INPUT,
    ENVIRONMENT,
    IN_USE,
    OK,
    lang_option,
    problem_lines,
    system_words,
)

if TYPE_CHECKING:
    from capacity.studies.ratios.study import CalibratedRatios

RATIOS = Path("ratios")
METHODS = ("shrunk", "mean", "pooled")
#: Notes shown on the terminal; breaks.csv has every break.
_SHOWN = 20


@click.command("ratios")
@click.argument("district", type=click.Path(path_type=Path), metavar="DIR")
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
    "-o", "--output", type=click.Path(path_type=Path), metavar="DIR",
    help="Folder of the ratios.  [default: ratios/<district>]",
)  # fmt: skip
@click.option("--write", is_flag=True, help="State the ratios in the ratios.csv of DIR.")
@lang_option
@click.option("--no-charts", is_flag=True, help="Tables only.")
@click.option("--overwrite", is_flag=True, help="Replace other ratios in either place.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
def command(
    district: Path,
    method: str,
    window: int,
    base_year: int | None,
    output: Path | None,
    write: bool,
    lang: str | None,
    no_charts: bool,
    overwrite: bool,
    as_json: bool,
) -> int:
    """Calibrate the ratios of the district in DIR on its own past.

    Every ratio with its spread, its years and what it was drawn towards: ratios.csv, yearly.csv,
    breaks.csv and a chart. Breaks are named here alone, and never repaired.
    """
    from capacity import api
    from capacity.base.errors import InputError
    from capacity.base.words import language
    from capacity.studies.ratios import write as ratios_file

    chosen = language(lang)
    try:
        whole = api.district_from(district)
        if write:
            ratios_file.refuse(whole, overwrite=overwrite)
        found = api.calibrate(whole, method=method, window=window, base_year=base_year)
    except InputError as error:
        for line in problem_lines(error.problems, chosen):
            click.echo(line, err=True)
        return BAD_INPUT
    for line in problem_lines((*whole.warnings, *found.notes), chosen, _SHOWN):
        click.echo(line, err=True)
    folder = output or RATIOS / whole.name
    code, state, line = _keep(found, folder, chosen, charts=not no_charts, overwrite=overwrite)
    if as_json:
        said = _figures(found) | {"folder": str(folder), "state": state}
        click.echo(json.dumps(said, ensure_ascii=False, allow_nan=False))
    else:
        click.echo(found.summary(chosen) + "\n")
    click.echo(line, err=as_json or code != OK)
    return code or (_state(found, chosen) if write else OK)


def _keep(
    found: CalibratedRatios, folder: Path, lang: str, *, charts: bool, overwrite: bool
) -> tuple[int, str, str]:
    """Write the folder; give the exit code, the state and how to say it."""
    from capacity.results import draft, runfolder
    from capacity.studies.ratios import folder as calibrated_folder

    options = runfolder.Options(lang, charts)
    try:
        state = calibrated_folder.keep(found, folder, options, overwrite=overwrite)
    except draft.FolderTakenError as error:
        line = word("cli.taken", lang, said=error.text(lang))
        more = "" if overwrite else word("cli.or_overwrite", lang)
        return BAD_INPUT, "refused", line + more
    except draft.FolderInUseError:
        return IN_USE, "in use", word("cli.ratios_in_use", lang, folder=folder)
    except OSError as error:
        return ENVIRONMENT, "failed", system_words(error, folder, lang)
    line = word(f"cli.is_{state}", lang, folder=folder)
    return OK, "written" if state == "written" else "unchanged", line


def _state(found: CalibratedRatios, lang: str) -> int:
    """Write the district's ratios.csv, and say what that means."""
    from capacity.studies.ratios import write as ratios_file

    try:
        path, count, left = ratios_file.write(found)
    except OSError as error:
        click.echo(system_words(error, found.district.folder, lang), err=True)
        return ENVIRONMENT
    click.echo(word("cli.ratios_stated", lang, path=path, n=count), err=True)
    if found.method == "shrunk":
        click.echo(word("cli.ratios_unmixed", lang), err=True)
    if left:
        said = word("cli.ratios_left", lang, n=left, limit=f"{ratios_file.LIMIT:g}")
        click.echo(said, err=True)
    return OK


def _figures(found: CalibratedRatios) -> dict[str, Any]:
    """Give ratios and breaks as full-precision numbers; what is unknown is null."""
    from capacity.studies.ratios import folder as calibrated_folder

    rows = {
        name: [
            {str(key): getattr(cell, "item", lambda cell=cell: cell)() for key, cell in row.items()}
            for row in frame.astype(object).where(frame.notna(), None).to_dict("records")
        ]
        for name, frame in (("ratios", found.frame()), ("breaks", found.breaks))
    }
    return {"format": calibrated_folder.FORMAT, **calibrated_folder.facts(found), **rows}
